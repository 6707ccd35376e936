import type { HilError } from '../../core/errors.ts'
import {
  decodeComPort,
  encodeComPort,
  isAnswerTo,
  type ComPortMessage,
  type ComPortSetting,
} from './com-port.ts'
import { refusalOf } from './problems.ts'

interface Asked {
  readonly setting: ComPortSetting
  readonly answered: (refusal: HilError | undefined) => void
}

/** The serial port at the other end of a connection. */
export class ComPort {
  readonly #description: string
  readonly #send: (payload: Uint8Array) => void
  #asked: readonly Asked[] = []
  /** While the server has no room for what we send. */
  #suspended: { readonly resumed: Promise<void>; readonly resume: () => void } | undefined

  constructor(description: string, send: (payload: Uint8Array) => void) {
    this.#description = description
    this.#send = send
  }

  /** What has no answer yet. */
  get unanswered(): readonly ComPortSetting[] {
    return this.#asked.map(({ setting }) => setting)
  }

  /**
   * Asks for all settings at once; resolves when each is confirmed.
   * @throws HilError `transport.bad-baud`, `transport.setting-refused` (environment)
   */
  async set(settings: readonly ComPortSetting[]): Promise<void> {
    const answers = settings.map(
      (setting) =>
        new Promise<void>((resolve, reject) => {
          const answered = (refusal: HilError | undefined) => {
            if (refusal === undefined) resolve()
            else reject(refusal)
          }
          this.#asked = [...this.#asked, { setting, answered }]
        }),
    )
    for (const setting of settings) this.tell(setting)
    await Promise.all(answers)
  }

  /** Asks for something whose answer nobody waits for. */
  tell(message: ComPortMessage): void {
    this.#send(encodeComPort(message))
  }

  /** Resolves when the server takes data; at once as a rule. */
  async ready(): Promise<void> {
    while (this.#suspended !== undefined) await this.#suspended.resumed
  }

  /** Nobody has to wait any more: the connection is gone. */
  end(): void {
    this.#resume()
  }

  receive(payload: Uint8Array): void {
    const message = decodeComPort(payload)
    if (message?.command === 'suspend') this.#suspend()
    else if (message?.command === 'resume') this.#resume()
    else if (message !== undefined) this.#answer(message)
  }

  #answer(message: ComPortMessage): void {
    const asked = this.#asked.find(({ setting }) => isAnswerTo(setting, message))
    if (asked === undefined) return
    this.#asked = this.#asked.filter((each) => each !== asked)
    asked.answered(refusalOf(this.#description, asked.setting, message))
  }

  #suspend(): void {
    if (this.#suspended !== undefined) return
    let resume = () => undefined as void
    const resumed = new Promise<void>((resolve) => (resume = resolve))
    this.#suspended = { resumed, resume }
  }

  #resume(): void {
    this.#suspended?.resume()
    this.#suspended = undefined
  }
}
