import Catalogue
import LogLines
import Logging

extension PluginProcess {
    /// What it says while it runs, each line with its publisher and where its broker listens.
    func serviceLog(broker: String? = nil) -> Logger {
        var log = Logger.ofService(role.rawValue)
        for (name, value) in Logger.Metadata.about(publisher: publisher, broker: broker) {
            log[metadataKey: name] = value
        }
        return log
    }
}

extension Logger {
    /// Says why a service cannot go on: a line for each thing that is wrong, those of the configuration with file and line.
    package func giveUp(_ error: any Error) {
        if let error = error as? CatalogueError {
            for problem in error.problems {
                critical("\(problem)", metadata: .about(file: problem.place.file, line: problem.place.line))
            }
        } else {
            for line in "\(error)".split(separator: "\n") { critical("\(line)") }
        }
    }
}
