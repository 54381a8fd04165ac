/// How a forvaltning goes about it: drawn from the seed, the same in all its answers.
struct Temperament: Hashable, Sendable {
    /// 0 to 100: how often it is in time.
    let promptness: Int
    /// 0 to 100: how often nothing is left out.
    let care: Int
    /// 0 to 100: how often things go as planned.
    let luck: Int

    init(_ seed: UInt64, _ forvaltning: String) {
        var dice = Dice(seed, "temperament", forvaltning)
        promptness = dice.whole(45...97)
        care = dice.whole(50...98)
        luck = dice.whole(35...90)
    }
}
