import Dispatch
import Foundation
import Glibc

/// SIGINT and SIGTERM, and the end of standard input where that is the lifeline, as something to await.
///
/// `@unchecked`: the sources are made in `init` and only kept alive after it.
final class Stop: @unchecked Sendable {
    private let stream: AsyncStream<String>
    private let continuation: AsyncStream<String>.Continuation
    private let sources: [any DispatchSourceProtocol]

    /// - Parameter lifeline: whether end of file on standard input means stop.
    init(lifeline: Bool = false) {
        let (stream, continuation) = AsyncStream<String>.makeStream(bufferingPolicy: .bufferingOldest(4))
        self.stream = stream
        self.continuation = continuation
        var sources: [any DispatchSourceProtocol] = []
        for (number, name) in [(SIGINT, "SIGINT"), (SIGTERM, "SIGTERM")] {
            signal(number, SIG_IGN)
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler { continuation.yield(name) }
            source.resume()
            sources.append(source)
        }
        if lifeline {
            let source = DispatchSource.makeReadSource(fileDescriptor: 0, queue: .global())
            source.setEventHandler {
                var bytes = [UInt8](repeating: 0, count: 256)
                if read(0, &bytes, bytes.count) == 0 { continuation.yield("end of the lifeline") }
            }
            source.resume()
            sources.append(source)
        }
        self.sources = sources
    }

    /// Returns when somebody asks to stop.
    func wait() async { for await _ in stream { return } }
}
