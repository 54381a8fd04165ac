import Foundation
import PolicyModel

/// The terminal a person sits at: single keys and lines of text.
struct Terminal {
    /// Whether a person can be asked: both standard input and standard output are a terminal.
    static var isThere: Bool { isatty(0) == 1 && isatty(1) == 1 }

    func show(_ text: String) { standardOutput(text, terminator: "") }

    /// Asks, and takes one key without Enter. Nil at the end of input (Ctrl-D); Enter is a newline.
    ///
    /// Ctrl-C ends the command as ever: what was kept is kept. The terminal is ready before the question is seen, so that a quick
    /// finger's answer counts.
    ///
    /// - Parameter fresh: Whether keys typed before the question are dropped: a word typed ahead confirms nothing.
    func key(_ question: String, fresh: Bool = false) throws -> Character? {
        var before = termios()
        guard tcgetattr(0, &before) == 0 else { return nil }
        var raw = before
        raw.c_lflag &= ~tcflag_t(ICANON | ECHO)
        withUnsafeMutableBytes(of: &raw.c_cc) { bytes in
            bytes[Int(VMIN)] = 1
            bytes[Int(VTIME)] = 0
        }
        tcsetattr(0, fresh ? TCSAFLUSH : TCSANOW, &raw)
        defer { tcsetattr(0, TCSANOW, &before) }
        show(question)
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

    /// Shows text with lines broken at words, at most as wide as the terminal; what is broken goes on under `indent` spaces.
    func wrap(_ text: String, indent: Int = 6) {
        let width = max(40, terminalWidth() ?? 80)
        for paragraph in text.split(separator: "\n", omittingEmptySubsequences: false) {
            var line = String(paragraph.prefix { $0 == " " })
            var isBegun = false
            for word in paragraph.drop(while: { $0 == " " }).split(separator: " ", omittingEmptySubsequences: false) {
                if isBegun, line.count + 1 + word.count > width {
                    show(line + "\n")
                    line = String(repeating: " ", count: indent) + word
                } else {
                    line += isBegun ? " " + word : String(word)
                }
                isBegun = true
            }
            show(line + "\n")
        }
    }

    /// A line of text, edited as the terminal does; nil at the end of input.
    func line(_ prompt: String) -> String? {
        show(prompt)
        return readLine(strippingNewline: true).map { $0.trimmingCharacters(in: .whitespaces) }
    }
}

/// Asks for what a command lacks when a person sits there, and says which option lacks when nobody does.
struct Asking {
    let language: Language
    private let terminal = Terminal()

    init(_ language: Language) { self.language = language }

    /// What was given, or what the person answers.
    ///
    /// - Parameter option: As it stands in the help: `--reason`.
    func text(_ given: String?, _ option: String, _ question: LocalizedText) throws -> String {
        if let given { return given }
        try demandPerson(option)
        while let line = terminal.line("\(question[language]): ") {
            if !line.isEmpty { return line }
        }
        throw Failure(description: "\(option) was not answered; nothing is saved")
    }

    /// What was given, or what the person answers; Enter leaves it out. Nobody is asked when nobody sits there.
    func optional(_ given: String?, _ question: LocalizedText) -> String? {
        guard given == nil, Terminal.isThere else { return given }
        return terminal.line("\(question[language]): ").flatMap { $0.isEmpty ? nil : $0 }
    }

    /// What was given, or one of `choices`, by its number; with one choice only, that one.
    func choice(
        _ given: String?, _ option: String, _ question: LocalizedText, _ choices: [(value: String, text: String)]
    ) throws -> String {
        if let given { return given }
        try demandPerson(option)
        guard let first = choices.first else {
            throw Failure(description: "\(option): there is nothing to choose from here")
        }
        for (index, choice) in choices.enumerated() {
            terminal.wrap("\(String(index + 1).leftPadded(to: 3))  \(choice.text)")
        }
        while let line = terminal.line("\(question[language])\(choices.count == 1 ? " [1]" : ""): ") {
            if line.isEmpty, choices.count == 1 { return first.value }
            if let number = Int(line), choices.indices.contains(number - 1) { return choices[number - 1].value }
            if let named = choices.first(where: { $0.value == line }) { return named.value }
        }
        throw Failure(description: "\(option) was not answered; nothing is saved")
    }

    /// Whether the person says yes.
    func confirm(_ question: LocalizedText) throws -> Bool {
        let key = try terminal.key(question[language] + (language == .danish ? " [j/N] " : " [y/N] "), fresh: true)
        terminal.show(key.map { $0 == "\n" ? "\n" : "\($0)\n" } ?? "\n")
        return key.map { "jJyY".contains($0) } ?? false
    }

    private func demandPerson(_ option: String) throws {
        guard Terminal.isThere else {
            throw Failure(description: "\(option) is missing, and nobody sits at a terminal to be asked")
        }
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String { String(repeating: " ", count: max(0, width - count)) + self }
}
