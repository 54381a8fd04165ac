internal import Catalogue
public import PluginKit
internal import PolicyModel
internal import Wire

/// The coordinator as a process: it follows the whole feed into a durable copy, from which views and reports are made, and
/// publishes the configuration that matters, so that an old report can be made again with the configuration of its time.
public enum CoordinatorProcess {
    public static let publisher = "coordinator"

    public static func process() -> PluginProcess {
        PluginProcess(
            publisher: publisher, role: .coordinator, program: "pejling coordinator \(pluginKitVersion)",
            follows: FeedFilter()
        ) { order, snapshot in
            let city = try ConfigurationFolder(order.config).city()
            let draft = try city.record(by: Author(role: "coordinator"))
            if let before = try snapshot.latest(.configuration, city.identity), Array(before.body) == draft.body {
                return ([], [])
            }
            return ([draft], [])
        }
    }
}
