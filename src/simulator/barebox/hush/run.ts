import { parseLine, type Parsed } from './parse.ts'
import { mark, type Command, type Section, type Step } from './syntax.ts'
import { fillIn, isAssignment, removeQuotes } from './words.ts'

/** What the shell needs from the rest of barebox. */
export interface HushHost {
  lookUp(name: string): string | undefined
  /** @returns what is wrong with it: `global.x=1` fails where there is no `global.x` */
  assign(name: string, value: string): string | undefined
  glob(pattern: string): readonly string[]
  /** Runs a command with its words; negative errnos are already turned into 127. */
  execute(argv: readonly string[], shell: Hush): Promise<number>
  print(text: string): Promise<void> | undefined
  /** Whether Ctrl-C was pressed; eats other input, as polling the console does. */
  interrupted(): Promise<boolean>
}

export interface ParseTextOptions {
  readonly parameters?: readonly string[]
  readonly from?: number
  /** There is no more text than this. */
  readonly final?: boolean
  /** The second reading of a command. */
  readonly reparsing?: boolean
}

/** `exit`: ends the script or, typed at the prompt, the shell. */
export class HushExit {
  readonly status: number

  constructor(status: number) {
    this.status = status
  }
}

/** One run of the shell: interactive, or a script. */
export class Hush {
  status = 0
  readonly #host: HushHost

  constructor(host: HushHost) {
    this.#host = host
  }

  /**
   * Runs a script, line by line: the lines before a syntax error were run.
   * @returns the status, or `HushExit` where the script said `exit`
   */
  async runScript(text: string, parameters: readonly string[] = []): Promise<number | HushExit> {
    let status = 0
    for (let from = 0; from < text.length;) {
      const parsed = this.parse(text, { parameters, from, final: true })
      if (parsed.kind !== 'steps') {
        await this.#host.print(`${parsed.kind === 'incomplete' ? 'syntax error' : parsed.message}\n`)
        return 1
      }
      from = parsed.atEnd ? text.length : parsed.next
      const result = await this.runLine(parsed.steps)
      if (result instanceof HushExit) return result
      status = result
      if (await this.#host.interrupted()) break
    }
    return status
  }

  parse(
    text: string,
    { parameters = [], from = 0, final = false, reparsing = false }: ParseTextOptions = {},
  ): Parsed {
    return parseLine(text, from, {
      parameters,
      final,
      reparsing,
      glob: (pattern) => this.#host.glob(pattern),
    })
  }

  /** A shell for a script: the same variables, and `$?` as it is now. */
  child(): Hush {
    const child = new Hush(this.#host)
    child.status = this.status
    return child
  }

  /** Runs what stands on a line. When nothing stands before its first operator, the rest is not run either. */
  async runLine(steps: readonly Step[]): Promise<number | HushExit> {
    const first = steps[0]?.command
    return first === undefined || isEmpty(first) ? 0 : this.#runSteps(steps)
  }

  /** The steps of a line, or of a compound command. */
  async #runSteps(steps: readonly Step[]): Promise<number | HushExit> {
    switch (steps[0]?.section) {
      case 'if':
        return this.#runIf(steps)
      case 'while':
      case 'until':
        return this.#runWhile(steps)
      case 'for':
        return this.#runFor(steps)
      default:
        return this.#runSection(steps)
    }
  }

  async #runIf(steps: readonly Step[]): Promise<number | HushExit> {
    let holds = false
    let status: number | HushExit = 0
    for (const section of sectionsOf(steps)) {
      const { name } = section
      if (name === 'elif' && holds) break
      if ((name === 'then' && !holds) || (name === 'else' && holds)) continue
      status = await this.#runSection(section.steps, status)
      if (status instanceof HushExit) return status
      if (name === 'if' || name === 'elif') holds = status === 0
      if ((name === 'then' || name === 'else') && status === 1) return 1
    }
    // A condition that does not hold is no failure; but only its status 1 is forgiven.
    return this.#forgive(status)
  }

  async #runWhile(steps: readonly Step[]): Promise<number | HushExit> {
    const [condition, body] = sectionsOf(steps)
    // A loop without a condition does not run.
    if (condition?.steps.every(({ command }) => isEmpty(command)) !== false) return 0
    for (;;) {
      if (await this.#host.interrupted()) return 1
      const status = await this.#runSection(condition?.steps ?? [])
      if (status instanceof HushExit) return status
      if ((status === 0) !== (condition?.name === 'while')) return this.#forgive(status)
      const done = await this.#runSection(body?.steps ?? [])
      if (done instanceof HushExit) return done
    }
  }

  async #runFor(steps: readonly Step[]): Promise<number | HushExit> {
    const name = steps[0]?.command.words[0] ?? ''
    const words = steps.find(({ section }) => section === 'in')?.command.words ?? []
    const body = steps.filter(({ section }) => section === 'do')
    const values = words.flatMap((word) => this.#fillIn(word).split(' ')).filter((value) => value !== '')
    let status = 0
    for (const value of values) {
      if (await this.#host.interrupted()) return 1
      this.#assign(`${name}=${value}`)
      const result = await this.#runSection(body)
      if (result instanceof HushExit) return result
      status = result
    }
    return status
  }

  /** Steps joined by `;`, `&&` and `||`. The first of a chain that does not fit ends the chain. */
  async #runSection(steps: readonly Step[], before = 0): Promise<number | HushExit> {
    let status = before
    let skipping = false
    for (const { command, followup } of steps) {
      if (skipping) {
        skipping = followup !== ';'
        continue
      }
      if (isEmpty(command)) continue
      const result = await this.#runCommand(command)
      if (result instanceof HushExit) {
        this.status = result.status
        return result
      }
      status = result
      this.status = status
      skipping = (status === 0 && followup === '||') || (status !== 0 && followup === '&&')
    }
    return status
  }

  async #runCommand({ words, group, hasVariables }: Command): Promise<number | HushExit> {
    if (group !== undefined) return this.#runSteps(group)
    const start = words.findIndex((word) => !isAssignment(word))
    const assignments = start === -1 ? words : words.slice(0, start)
    for (const word of assignments) {
      const problem = this.#assign(this.#fillIn(word))
      if (problem === undefined) continue
      await this.#host.print(`${problem}\n`)
      return 1
    }
    if (start === -1) return 0
    const rest = words.slice(start)
    if (hasVariables && rest.some((word) => word.includes(mark))) return this.#runAgain(rest)
    const argv = rest.flatMap((word) => this.#host.glob(word)).map(removeQuotes)
    if (argv[0] === 'exit')
      return new HushExit(argv[1] === undefined ? this.status : Number.parseInt(argv[1], 10) || 0)
    return this.#host.execute(argv, this)
  }

  /** With its variables filled in, a command is read once more, for words and quotes only. */
  async #runAgain(words: readonly string[]): Promise<number | HushExit> {
    const text = words.map((word) => this.#fillIn(word)).join(' ')
    const parsed = this.parse(`${text}\n`, { final: true, reparsing: true })
    if (parsed.kind !== 'steps') {
      await this.#host.print('syntax error\n')
      return 1
    }
    const result = await this.runLine(parsed.steps)
    // Reading a text ends with a look for Ctrl-C, which eats a character of what was typed ahead.
    await this.#host.interrupted()
    return result
  }

  #assign(word: string): string | undefined {
    const equals = word.indexOf('=')
    return this.#host.assign(word.slice(0, equals), removeQuotes(word.slice(equals + 1)))
  }

  #fillIn(word: string): string {
    return fillIn(word, (name) => (name === '$?' ? String(this.status) : this.#host.lookUp(name)))
  }

  #forgive(status: number): number {
    if (status !== 1) return status
    this.status = 0
    return 0
  }
}

function isEmpty({ words, group }: Command): boolean {
  return words.length === 0 && group === undefined
}

function sectionsOf(steps: readonly Step[]): { name: Section; steps: Step[] }[] {
  const sections: { name: Section; steps: Step[] }[] = []
  for (const step of steps) {
    const last = sections.at(-1)
    if (last?.name === step.section) last.steps.push(step)
    else sections.push({ name: step.section, steps: [step] })
  }
  return sections
}
