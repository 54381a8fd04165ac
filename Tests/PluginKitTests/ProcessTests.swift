import Ledger
import PolicyModel
import Testing
import Wire
import ZeroMQ

@testable import PluginKit

@Suite("How a plugin's process ends")
struct ProcessTests {
    @Test(
        "a disk that is full or fails is tried again; what lies there and must be looked at is not; nor is a configuration"
    )
    func codes() {
        func code(_ code: StoreError.Code) -> Int32 { PluginProcess.exitCode(of: StoreError(code, "")) }
        for passing in [StoreError.Code.full, .failed, .missing, .held] { #expect(code(passing) == 75, "\(passing)") }
        for lasting in [StoreError.Code.damaged, .foreign, .newerVersion, .exposed] {
            #expect(code(lasting) == 78, "\(lasting)")
        }
        #expect(PluginProcess.exitCode(of: Violation(rule: "owner", message: "")) == 78)
        #expect(PluginProcess.exitCode(of: Link.Failure(description: "diverged")) == 78)
    }
}
