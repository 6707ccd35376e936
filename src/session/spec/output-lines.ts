import type { SshOutput } from '../../board/ssh.ts'

/** What a command prints, line by line as it comes, for one reader. What was not read yet is kept. */
export class OutputLines implements AsyncIterable<string> {
  readonly #unfinished = { stdout: '', stderr: '' }
  readonly #lines: string[] = []
  #wake: () => void = () => undefined
  #end: { readonly error?: Error } | undefined

  get hasEnded(): boolean {
    return this.#end !== undefined
  }

  take({ stream, text }: SshOutput): void {
    const lines = (this.#unfinished[stream] + text).split('\n')
    this.#unfinished[stream] = lines.pop() ?? ''
    this.#lines.push(...lines)
    this.#wake()
  }

  /** @param error why it ended other than by itself */
  end(error?: Error): void {
    const rest = Object.values(this.#unfinished).filter((line) => line !== '')
    this.#lines.push(...rest)
    this.#end = error === undefined ? {} : { error }
    this.#wake()
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<string> {
    for (;;) {
      for (let line = this.#lines.shift(); line !== undefined; line = this.#lines.shift()) yield line
      if (this.#end !== undefined) break
      await new Promise<void>((resolve) => (this.#wake = resolve))
    }
    if (this.#end.error !== undefined) throw this.#end.error
  }
}
