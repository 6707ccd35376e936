/** How long is listened, in milliseconds. */
export interface Patience {
  /** What was under way when the power went may still come. */
  readonly afterglowMs: number
  /** So long nothing may be said, and nobody may answer, where there is no power. */
  readonly silenceMs: number
  /** For the first sign of life after power-on. */
  readonly lifeMs: number
  /** After power-on, until it can be told what is said. */
  readonly listenMs: number
  /** A pause after which nothing more is waited for. */
  readonly pauseMs: number
  /** A bootloader that gets no answer asks for a minute and more; this is long enough to tell. */
  readonly fetchMs: number
}

export const patience: Patience = {
  afterglowMs: 500,
  silenceMs: 2000,
  lifeMs: 30_000,
  listenMs: 5000,
  pauseMs: 1500,
  fetchMs: 40_000,
}
