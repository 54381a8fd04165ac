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
        let name = userName(user)
        // A number without a name: a folder from outside of a container, or of another machine.
        let run =
            name.hasPrefix("#")
            ? "`setpriv --reuid=\(user) --regid=\(user) --clear-groups pejling …`, a container with `--user \(user)`"
            : "`sudo -u \(name) pejling …`, or `runuser -u \(name) -- pejling …`"
        return StoreError(
            .foreign,
            "\(place) is the folder of user \(name), and root writes nothing there: links in it could lead anywhere, and \(name) could not use what root makes. Nothing was changed. Run this as that user: \(run) (a file or copy that you name must be readable to \(name)). Where Pejling itself runs as root, give it the folder: chown -R root \(data)"
        )
    }
}

/// The name of a user, as a shell takes it; `#1234` where the number has none here.
func userName(_ user: uid_t) -> String {
    getpwuid(user).map { String(cString: $0.pointee.pw_name) } ?? "#\(user)"
}
