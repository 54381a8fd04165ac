internal import Coordinator
internal import PolicyModel

/// `datapackage.json`.
struct DataDescriptor {
    let state: LedgerState
    let day: Day
    let tables: [DataTable]
    let program: String

    var json: String {
        jsonText(
            Package(
                profile: "tabular-data-package", name: "pejling",
                title: state.city.map { "Pejling: \($0.name.da)" } ?? "Pejling",
                description: state.isSynthetic ? Words.synthetic.da + " / " + Words.synthetic.en : nil,
                synthetic: state.isSynthetic, referenceDate: day.description, ledgerPosition: Int(state.position),
                ledgerRoot: state.root, ledgerReceived: state.received, program: program,
                resources: tables.map(resource)),
            keys: .asWritten)
    }

    private func resource(_ table: DataTable) -> Resource {
        // A foreign key is promised only where it holds: what dangles in the ledger would make the package invalid.
        let keys = table.foreignKeys.filter { key in
            guard let target = tables.first(where: { $0.name == key.table }) else { return false }
            let known = Set(target.column(key.key))
            return table.column(key.field).allSatisfy { $0.isEmpty || known.contains($0) }
        }
        return Resource(
            name: table.name, path: table.file, title: table.title, profile: "tabular-data-resource",
            format: "csv", mediatype: "text/csv", encoding: "utf-8",
            schema: Schema(
                fields: table.fields.map(field), primaryKey: table.primaryKey.isEmpty ? nil : table.primaryKey,
                foreignKeys: keys.isEmpty
                    ? nil
                    : keys.map { key in
                        ForeignKey(
                            fields: key.field,
                            reference: Reference(
                                resource: key.table == table.name ? "" : key.table, fields: key.key))
                    }))
    }

    private func field(_ field: DataField) -> Field {
        switch field.kind {
        case .string: Field(name: field.name, type: "string")
        case .integer: Field(name: field.name, type: "integer")
        case .number: Field(name: field.name, type: "number", decimalChar: ".")
        case .boolean: Field(name: field.name, type: "boolean", trueValues: ["true"], falseValues: ["false"])
        case .year: Field(name: field.name, type: "year")
        case .date:
            Field(
                name: field.name, type: "string",
                description: "ISO 8601, as exact as the source: 2019, 2019-12 or 2019-12-31",
                constraints: Constraints(pattern: "\\d{4}(-\\d{2}(-\\d{2})?)?"))
        case .list: Field(name: field.name, type: "string", description: "several values joined by ;")
        case .words(let words): Field(name: field.name, type: "string", constraints: Constraints(values: words))
        }
    }

    private struct Package: Encodable {
        let profile, name, title: String
        let description: String?
        let synthetic: Bool
        let referenceDate: String
        let ledgerPosition: Int
        let ledgerRoot, ledgerReceived: String?
        let program: String
        let resources: [Resource]

        enum CodingKeys: String, CodingKey {
            case profile, name, title, description, synthetic, program, resources
            case referenceDate = "reference_date"
            case ledgerPosition = "ledger_position"
            case ledgerRoot = "ledger_root"
            case ledgerReceived = "ledger_received"
        }
    }

    private struct Resource: Encodable {
        let name, path, title, profile, format, mediatype, encoding: String
        let schema: Schema
    }

    private struct Schema: Encodable {
        let fields: [Field]
        let primaryKey: [String]?
        let foreignKeys: [ForeignKey]?
        let missingValues = [""]
    }

    private struct ForeignKey: Encodable {
        let fields: String
        let reference: Reference
    }

    private struct Reference: Encodable { let resource, fields: String }

    private struct Field: Encodable {
        let name, type: String
        var description: String?
        var decimalChar: String?
        var trueValues: [String]?
        var falseValues: [String]?
        var constraints: Constraints?
    }

    private struct Constraints: Encodable {
        var pattern: String?
        var values: [String]?
        enum CodingKeys: String, CodingKey {
            case pattern
            case values = "enum"
        }
    }
}
