import Foundation

/// The terminal a person sits at: single keys and lines of text.
struct Terminal {
    /// Whether a person can be asked: both standard input and standard output are a terminal.
    static var isThere: Bool { isatty(0) == 1 && isatty(1) == 1 }

    func show(_ text: String) { FileHandle.standardOutput.write(Data(text.utf8)) }

    /// One key, without Enter. Nil at the end of input (Ctrl-D); Enter is a newline.
    ///
    /// Ctrl-C ends the command as ever: what was kept is kept.
    func key() throws -> Character? {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { return nil }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &raw.c_cc) { bytes in
            bytes[Int(VMIN)] = 1
            bytes[Int(VTIME)] = 0
        }
        tcsetattr(0, TCSANOW, &raw)
        defer { tcsetattr(0, TCSANOW, &before) }
        var bytes: [UInt8] = []
        while bytes.count < 8 {
            var byte: UInt8 = 0
            let count = read(0, &byte, 1)
            if count < 0, errno == EINTR { continue }
            guard count == 1 else { return nil }
            if bytes.isEmpty, byte == 4 { return nil }  // Ctrl-D is no end of file in this mode.
            if bytes.isEmpty, byte == 13 { return "\n" }
            bytes.append(byte)
            if let text = String(validating: bytes, as: UTF8.self), let key = text.first { return key }
        }
        return nil
    }

    /// A line of text, edited as the terminal does; nil at the end of input.
    func line(_ prompt: String) -> String? {
        show(prompt)
        return readLine(strippingNewline: true).map { $0.trimmingCharacters(in: .whitespaces) }
    }
}
