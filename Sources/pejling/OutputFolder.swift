import Foundation
import Ledger

/// Where reports and open data are written. A folder holds pages of real data or of examples, never both: beside the latter lies a file
/// that says so.
enum OutputFolder {
    /// The file that marks a folder of examples, for people and for this program.
    static let marker = "EKSEMPELDATA.txt"

    private static let words = """
        EKSEMPELDATA – ikke virkelige oplysninger
        Filerne i denne mappe er lavet af et program til at vise og prøve Pejling. Intet af det er sket, og ingen har sagt det.

        EXAMPLE DATA – not real information
        The files in this folder are made by a program to show and try Pejling. None of it has happened, and nobody has said it.

        """

    /// Makes the folder where it is not there, and marks it where it is to hold examples.
    ///
    /// - Throws: `Failure` where real pages and those of examples would meet.
    static func open(_ path: String, synthetic: Bool) throws {
        let files = FileManager.default
        let found = (try? files.contentsOfDirectory(atPath: path)) ?? []
        let isMarked = found.contains(marker)
        guard synthetic || !isMarked else {
            throw Failure(
                description:
                    "\(path) holds pages of example data (\(marker)), and real pages never lie beside them: name another folder with --out"
            )
        }
        guard !synthetic || isMarked || found.isEmpty else {
            throw Failure(
                description:
                    "\(path) is not empty and not marked as a folder of example data, and pages of examples never lie beside real ones: name another folder with --out"
            )
        }
        do { try files.createDirectory(atPath: path, withIntermediateDirectories: true) } catch {
            throw Failure(description: "the folder \(path) cannot be made: name another with --out")
        }
        if synthetic, !isMarked { try writeFile("\(path)/\(marker)", Array(words.utf8), mode: 0o644) }
    }
}

/// The bytes go to a file of this name under `out`, whole or not at all.
///
/// - Parameter synthetic: Whether they are made from example data.
func save(_ bytes: [UInt8], _ name: String, out: String, synthetic: Bool) throws -> String {
    try OutputFolder.open(out, synthetic: synthetic)
    let path = "\(out)/\(name)"
    try writeFile(path, bytes, mode: 0o644)
    return path
}
