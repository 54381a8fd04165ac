import Foundation
import Ledger
import Logging
import PolicyModel
import Wire

// What operators have said meanwhile, carried out on the loop's thread.

extension Worker {
    /// Looked for at most this often: reading a folder costs a system call or two.
    static let orderInterval: Duration = .milliseconds(250)

    func carryOutOrders() throws {
        guard now() >= nextOrders else { return }
        nextOrders = now() + Self.orderInterval
        for taken in orders.take() {
            switch taken.order {
            case .admit(let word): orders.answer(taken.id, try admit(word))
            case .handOver(let file): waitingFiles.append((taken.id, file))
            case .keys(let word): orders.answer(taken.id, try heed(word))
            case .retry(let plugin):
                retry(plugin)
                orders.answer(taken.id, OperatorAnswer(.done, plugin))
            case .refusedStart(let pid, let seconds):
                orders.done(taken.id)
                // Of the broker before, or of another start of the machine.
                guard seconds >= origin, seconds <= uptime() else { continue }
                refusedStarts.count += 1
                refusedStarts.pid = pid
                refusedStarts.tally.note(at: .seconds(seconds - origin), often: RefusedStarts.often)
            case nil:
                orders.answer(
                    taken.id,
                    OperatorAnswer(
                        .refused,
                        "the broker cannot read the order: give it as the user that runs the broker, with the same release"
                    ))
            }
        }
    }

    private func heed(_ word: Enrolment) throws -> OperatorAnswer {
        if let objection = ingest.keys.objection(to: word, brokerKey: ownKey) {
            return OperatorAnswer(.refused, objection)
        }
        do {
            try keep(word)
            // One that was not let in, and is not started again for it, is.
            if word.revoked == nil { retry(word.publisher) }
            return OperatorAnswer(.done, "")
        } catch let error as StoreError where error.code == .full { return OperatorAnswer(.refused, error.message) }
    }

    /// Takes in a batch of the file that is handed over. True while there is more of it.
    func takeHandedOver() throws -> Bool {
        if handOver == nil, !waitingFiles.isEmpty {
            let (id, file) = waitingFiles.removeFirst()
            do { handOver = (id, try HandOver(orders.lines(id), called: file), now()) } catch {
                orders.answer(id, OperatorAnswer(.refused, "\(error)"))
            }
            // It is read to its end all the same, and gone whoever is killed now.
            unlink(orders.lines(id))
        }
        guard let current = handOver else { return false }
        do {
            guard try current.file.next(&ingest, ledger, now: clock.now(), turn: now(), meanwhile: sayAlive)
            else {
                try ledger.scrub()
                log.info("handed over by file: \(current.file.tally.text)")
                orders.answer(current.id, OperatorAnswer(.done, current.file.tally.text))
                handOver = nil
                return !waitingFiles.isEmpty
            }
        } catch let error as HandOver.Refused {
            log.error("\(error)")
            orders.answer(current.id, OperatorAnswer(.refused, "\(error)"))
            handOver = nil
            return false
        } catch let error as StoreError where [.full, .damaged, .missing].contains(error.code) {
            // Of the file or of a full disk; what a commit of ours finds damaged shows at the next one, and at each start.
            orders.answer(current.id, OperatorAnswer(.refused, "\(error). So far: \(current.file.tally.text)"))
            handOver = nil
            return false
        }
        if now() - current.said > .milliseconds(500) {
            orders.answer(
                current.id, OperatorAnswer(.working, "\(current.file.percent) %: \(current.file.tally.text)"))
            for (id, _) in waitingFiles {
                orders.answer(id, OperatorAnswer(.working, "another file is taken in: \(current.file.percent) %"))
            }
            handOver?.said = now()
        }
        return true
    }

    private func admit(_ word: OperatorOrder.Admission) throws -> OperatorAnswer {
        do {
            let text = try ledger.admit(word, waiting: ingest.waitingLogs, at: clock.now())
            if let head = ledger.publishers[word.publisher] { ingest.admitted(head, of: word.publisher) }
            log.warning("\(text)")
            return OperatorAnswer(.done, text)
        } catch let error as StoreError where error.code == .full || error.code == .foreign {
            return OperatorAnswer(.refused, "\(error)")
        }
    }
}
