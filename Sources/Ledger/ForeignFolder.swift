import Foundation
import Glibc

extension DataFolder {
    /// Refuses root where another user holds the folder, or a part of it: a service runs as that user, and by a link that it puts in the
    /// place of a file or folder, what root makes and changes there by name would be anywhere in the system. What root made besides would
    /// be closed to the service.
    ///
    /// A folder of root's holds only names that root gave: looked at from the top, nothing changes behind what was looked at.
    ///
    /// - Parameter path: a data folder, or where one is to be made.
    /// - Throws: `StoreError.foreign` with the way out.
    public static func refuseRootInAnothers(_ path: String) throws {
        guard geteuid() == 0 else { return }
        let top = ["broker", "coordinator", "nodes", "policies"].map { "\(path)/\($0)" }
        let plugins = top.suffix(2).flatMap { group in
            ((try? FileManager.default.contentsOfDirectory(atPath: group)) ?? []).sorted().map { "\(group)/\($0)" }
        }
        // Behind a link only where it is the folder itself: it was named by who runs this.
        var status = stat()
        if stat(path, &status) == 0, status.st_uid != 0 { throw anothers(path, status.st_uid, path) }
        for place in [path] + top + plugins where lstat(place, &status) == 0 && status.st_uid != 0 {
            throw anothers(place, status.st_uid, path)
        }
    }

    private static func anothers(_ place: String, _ user: uid_t, _ data: String) -> StoreError {
        let name = getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "#\(user)"
        return StoreError(
            .foreign,
            "\(place) is the folder of user \(name), and root writes nothing there: links in it could lead anywhere, and \(name) could not use what root makes. Nothing was changed. Run this as that user: `runuser -u \(name) -- pejling …` (a file or copy that you name must be readable to \(name)). Where Pejling itself runs as root, give it the folder: chown -R root \(data)"
        )
    }
}
