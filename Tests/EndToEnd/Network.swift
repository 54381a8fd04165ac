import Foundation
import Glibc
import Testing

/// Machines of their own on this one: a network namespace each, joined to the broker's by a cable (a pair of veth) that can be cut,
/// whole or in one direction. Needs root; gone with the test.
final class Network {
    struct Machine {
        let namespace: String
        /// The broker's end of the cable, and its address there.
        let cable: String
        let brokerAddress: String
        /// The machine's own end and address.
        let inside: String
        let address: String
    }

    private static let command = ["/usr/sbin/ip", "/sbin/ip", "/usr/bin/ip"].first {
        FileManager.default.isExecutableFile(atPath: $0)
    }
    private let number = UInt16.random(in: 0 ... .max)
    private(set) var machines: [Machine] = []

    /// Whether this user may make namespaces and cables here: tried once.
    static let isPermitted: Bool = {
        guard command != nil, geteuid() == 0 else { return false }
        guard let network = try? Network(machines: 1) else { return false }
        return network.machines.count == 1
    }()

    init(machines count: Int) throws {
        for index in 0..<count {
            let name = String(format: "pj%04x%d", number, index)
            // 10.200.0.0/13 in nets of four addresses.
            let net = "10.\(200 + Int(number >> 13)).\(Int(number >> 5) & 255).\((Int(number & 31) * 8) + index * 4)"
            let last = net.split(separator: ".").last.flatMap { Int($0) } ?? 0
            let base = net.split(separator: ".").dropLast().joined(separator: ".")
            let machine = Machine(
                namespace: name, cable: name + "b", brokerAddress: "\(base).\(last + 1)", inside: name + "n",
                address: "\(base).\(last + 2)")
            machines.append(machine)
            try ip("netns", "add", name)
            try ip("link", "add", machine.cable, "type", "veth", "peer", "name", machine.inside)
            try ip("link", "set", machine.inside, "netns", name)
            try ip("addr", "add", machine.brokerAddress + "/30", "dev", machine.cable)
            try ip("link", "set", machine.cable, "up")
            try ip("-n", name, "addr", "add", machine.address + "/30", "dev", machine.inside)
            try ip("-n", name, "link", "set", machine.inside, "up")
            try ip("-n", name, "link", "set", "lo", "up")
        }
    }

    deinit {
        for machine in machines {
            _ = try? ip("link", "del", machine.cable)
            _ = try? ip("netns", "del", machine.namespace)
        }
    }

    /// The command line that runs `executable` on the machine.
    static func on(_ machine: Machine, _ executable: String, _ arguments: [String]) -> (String, [String]) {
        (command ?? "ip", ["netns", "exec", machine.namespace, executable] + arguments)
    }

    func cut(_ machine: Machine) throws { try ip("link", "set", machine.cable, "down") }

    func join(_ machine: Machine) throws { try ip("link", "set", machine.cable, "up") }

    /// Nobody has this hardware address: what is sent to it is lost, and nobody is told.
    private static let nobody = "02:00:00:00:00:99"

    /// What the broker sends is lost; what the machine sends arrives.
    func cutToMachine(_ machine: Machine) throws {
        try ip("neigh", "replace", machine.address, "lladdr", Self.nobody, "dev", machine.cable, "nud", "permanent")
    }

    func joinToMachine(_ machine: Machine) throws { try ip("neigh", "del", machine.address, "dev", machine.cable) }

    /// What the machine sends is lost; what the broker sends arrives.
    func cutToBroker(_ machine: Machine) throws {
        try ip(
            "-n", machine.namespace, "neigh", "replace", machine.brokerAddress, "lladdr", Self.nobody, "dev",
            machine.inside, "nud", "permanent")
    }

    func joinToBroker(_ machine: Machine) throws {
        try ip("-n", machine.namespace, "neigh", "del", machine.brokerAddress, "dev", machine.inside)
    }

    private func ip(_ arguments: String...) throws {
        let (process, errors) = (Process(), Pipe())
        process.executableURL = URL(fileURLWithPath: Self.command ?? "ip")
        process.arguments = arguments
        process.standardError = errors
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let said = String(decoding: try errors.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            throw NotInTime(description: "ip \(arguments.joined(separator: " ")): \(said)")
        }
    }
}
