/** Lets time pass for a replay, as fast as is asked for. */
export class Player {
  /** How many times faster than it was. */
  speed = 1
  /** Whether stretches in which nothing comes are cut short. */
  skipsSilence = true
  #t = 0
  #last = 0
  #isPlaying = false

  /**
   * @param {object} options
   * @param {number} options.end of the run, in milliseconds
   * @param {(t: number) => number | undefined} options.nextAfter when the console speaks next
   * @param {(t: number) => void} options.onTick called with each frame while it plays
   * @param {(isPlaying: boolean) => void} options.onChange
   */
  constructor({ end, nextAfter, onTick, onChange }) {
    this.end = end
    this.nextAfter = nextAfter
    this.onTick = onTick
    this.onChange = onChange
  }

  get isPlaying() {
    return this.#isPlaying
  }

  get t() {
    return this.#t
  }

  /** @param {number} t */
  set t(t) {
    this.#t = Math.max(0, Math.min(t, this.end))
  }

  play() {
    if (this.#isPlaying) return
    if (this.#t >= this.end) this.#t = 0
    this.#isPlaying = true
    this.#last = performance.now()
    this.onChange(true)
    requestAnimationFrame((now) => this.#tick(now))
  }

  pause() {
    if (!this.#isPlaying) return
    this.#isPlaying = false
    this.onChange(false)
  }

  /** @param {number} now */
  #tick(now) {
    if (!this.#isPlaying) return
    const elapsed = Math.max(0, Math.min(now - this.#last, 250))
    this.#last = now
    this.t = afterSilence(
      this.#t + elapsed * this.speed,
      this.skipsSilence ? this.nextAfter(this.#t) : undefined,
    )
    this.onTick(this.#t)
    if (this.#t >= this.end) this.pause()
    else requestAnimationFrame((next) => this.#tick(next))
  }
}

/** So much of a silence is played, in milliseconds of the run. */
const playedSilence = 400

/**
 * @param {number} t
 * @param {number | undefined} next
 */
function afterSilence(t, next) {
  return next === undefined ? t : Math.max(t, Math.min(next - playedSilence, next))
}
