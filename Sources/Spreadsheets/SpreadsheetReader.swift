import Foundation
import Subprocess

/// Reads a file of tables: a workbook (.xlsx) or CSV, told apart by what is in it, not by its name.
///
/// A workbook is read by openpyxl in a process of its own, bounded in memory, time and what it may say (``ReadLimits``); CSV is
/// read here. Neither is ever calculated: a formula comes as ``Cell/formula(_:)``.
public struct SpreadsheetReader: Sendable {
    public var limits: ReadLimits
    /// Where a Python that has openpyxl may be, tried in order. Debian's own first: its package puts openpyxl there, and another
    /// `python3` that comes first on the path would not find it.
    public var pythons = ["/usr/bin/python3", "python3"]

    public init(limits: ReadLimits = ReadLimits()) { self.limits = limits }

    /// Reads the file at `path`, which must be a plain file.
    ///
    /// - Throws: ``SpreadsheetError``.
    public func read(_ path: String) async throws -> ReadWorkbook {
        let name = (path as NSString).lastPathComponent
        let bytes = try contents(path, name)
        guard !bytes.isEmpty else { throw SpreadsheetError(.empty, "\(name) is empty") }
        if bytes.starts(with: [0x50, 0x4B]) { return try await workbook(bytes, name) }
        // The container of the old Office, in which a workbook with a password lies too.
        if bytes.starts(with: [0xD0, 0xCF, 0x11, 0xE0]) {
            throw SpreadsheetError(
                .kind, "\(name) is an old .xls, or has a password: save it as .xlsx without a password")
        }
        if ["xlsx", "xlsm", "ods", "xls"].contains((name as NSString).pathExtension.lowercased()) {
            throw SpreadsheetError(
                .broken, "\(name) is no workbook, whatever its name says: half a file? Save it again as .xlsx")
        }
        return try CSVReader(name: name, limits: limits).read(bytes)
    }

    private func contents(_ path: String, _ name: String) throws -> [UInt8] {
        let attributes: [FileAttributeKey: Any]
        do {
            attributes = try FileManager.default.attributesOfItem(
                atPath: URL(fileURLWithPath: path).resolvingSymlinksInPath().path)
        } catch { throw SpreadsheetError(.broken, "\(path) cannot be read: is there such a file?") }
        guard attributes[.type] as? FileAttributeType == .typeRegular else {
            throw SpreadsheetError(.kind, "\(path) is no file")
        }
        func tooLarge(_ size: Int) -> SpreadsheetError {
            SpreadsheetError(
                .tooLarge,
                "\(name) has \(size >> 20) MiB, and \(limits.fileBytes >> 20) MiB are read at most: take out pictures and other sheets, or divide it"
            )
        }
        let size = (attributes[.size] as? NSNumber)?.intValue ?? 0
        guard size <= limits.fileBytes else { throw tooLarge(size) }
        guard let handle = FileHandle(forReadingAtPath: path) else {
            throw SpreadsheetError(.broken, "\(path) may not be read by you")
        }
        defer { try? handle.close() }
        let data: Data
        do { data = try handle.read(upToCount: limits.fileBytes + 1) ?? Data() } catch {
            throw SpreadsheetError(.broken, "\(path) cannot be read: \(error)")
        }
        guard data.count <= limits.fileBytes else { throw tooLarge(data.count) }
        return Array(data)
    }

    // MARK: - Workbooks

    private func workbook(_ bytes: [UInt8], _ name: String) async throws -> ReadWorkbook {
        for python in pythons {
            guard let said = try await answer(of: python, to: bytes, name) else { continue }
            var answer = ReaderAnswer(name: name, limits: limits)
            for line in said.split(separator: UInt8(ascii: "\n")) { try answer.take(line) }
            if answer.isReaderMissing { continue }
            return try answer.workbook()
        }
        throw SpreadsheetError(
            .readerMissing,
            "workbooks are read with openpyxl, which is not installed: `sudo apt-get install python3-openpyxl`, or save \(name) as CSV"
        )
    }

    /// What the reader says, run by `python`; nil when there is no such program.
    private func answer(of python: String, to bytes: [UInt8], _ name: String) async throws -> [UInt8]? {
        let executable: Executable = python.contains("/") ? .path(.init(python)) : .name(python)
        let seconds = Int(limits.time.components.seconds)
        let arguments = [
            "-I", "-c", readerScript, "\(limits.memoryBytes)", "\(seconds)", "\(limits.unpackedBytes)",
            "\(limits.cells)",
        ]
        let limits = limits
        return try await withThrowingTaskGroup(of: [UInt8]?.self) { group in
            group.addTask {
                let result: ExecutionResult<Void, BytesOutput, StringOutput<Unicode.UTF8>>
                do {
                    result = try await run(
                        executable, arguments: Arguments(arguments),
                        environment: .custom(["LANG": "C.UTF-8", "PATH": "/usr/bin:/bin"]), input: .array(bytes),
                        output: .bytes(limit: limits.outputBytes), error: .string(limit: 64 << 10))
                } catch let error as SubprocessError {
                    if error.code == .executableNotFound { return nil }
                    throw error.code == .outputLimitExceeded
                        ? Self.tooMuch(name, limits)
                        : SpreadsheetError(.readerFailed, "\(python) cannot be run: \(error). Save \(name) as CSV")
                }
                if result.terminationStatus == .exited(0) { return result.standardOutput }
                throw Self.failure(result.terminationStatus, result.standardError, name, limits)
            }
            group.addTask {
                try await Task.sleep(for: limits.time + limits.patience)
                throw Self.tooSlow(name, limits)
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    private static func tooSlow(_ name: String, _ limits: ReadLimits) -> SpreadsheetError {
        SpreadsheetError(
            .tooLarge,
            "\(name) takes more than \(limits.time.components.seconds) s to read: divide it, or save it as CSV")
    }

    private static func tooMuch(_ name: String, _ limits: ReadLimits) -> SpreadsheetError {
        SpreadsheetError(.tooLarge, "\(name) holds more than \(limits.outputBytes >> 10) KiB of text: divide it")
    }

    private static func failure(
        _ status: TerminationStatus, _ errors: String, _ name: String, _ limits: ReadLimits
    ) -> SpreadsheetError {
        switch status {
        // SIGXCPU, or SIGKILL a second later.
        case .signaled(24), .signaled(9): return tooSlow(name, limits)
        default:
            if errors.contains("MemoryError") { return ReaderAnswer.tooMuchMemory(name, limits) }
            let last = errors.split(separator: "\n").last.map(String.init) ?? "it said nothing"
            return SpreadsheetError(
                .readerFailed,
                "the reader of workbooks ended (\(status)) on \(name): \(last.prefix(300)). Save it as CSV")
        }
    }
}
