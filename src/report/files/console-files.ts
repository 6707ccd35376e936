import { join } from 'node:path'
import type { ConsoleBytes } from '../../core/events.ts'
import { fileName } from '../report-directory.ts'
import type { Reporter } from '../reporter.ts'
import { AppendFile } from './append-file.ts'
import { ConsoleLog } from './console-log.ts'

/** The names of a board's console files. A run with a single board has plain names. */
export function consoleFileNames(board: string, boards: readonly string[]): { log: string; raw: string } {
  const suffix = boards.length === 1 && boards[0] === board ? '' : `-${fileName(board)}`
  return { log: `console${suffix}.log`, raw: `console${suffix}.raw` }
}

/** `console.log` (text, with times, both directions) and `console.raw` (the bytes received) of each board. */
export function consoleFiles(directory: string): Reporter {
  let boards: readonly string[] = []
  const files = new Map<string, BoardFiles>()
  const filesOf = (board: string): BoardFiles => {
    const known = files.get(board)
    if (known !== undefined) return known
    const opened = new BoardFiles(directory, consoleFileNames(board, boards))
    files.set(board, opened)
    return opened
  }
  return {
    name: join(directory, 'console.log'),
    event(event) {
      if (event.type === 'run-started') {
        boards = event.boards
        boards.forEach(filesOf)
      } else if (event.type === 'console-rx') filesOf(event.board).received(event, event.t)
      else if (event.type === 'console-tx') filesOf(event.board).sent(event, event.t)
      else if (event.type === 'console-break') filesOf(event.board).broke(event.t)
      else if (event.type === 'console-lost') filesOf(event.board).lost(event.reason, event.t)
      else if (event.type === 'console-back') filesOf(event.board).back(event.awayMs, event.t)
      else if (event.type === 'console-closed') filesOf(event.board).closed(event.reason, event.t)
    },
    end() {
      for (const opened of files.values()) opened.end()
    },
  }
}

class BoardFiles {
  readonly #raw: AppendFile
  readonly #text: AppendFile
  readonly #log = new ConsoleLog()

  constructor(directory: string, names: { log: string; raw: string }) {
    this.#raw = new AppendFile(join(directory, names.raw))
    this.#text = new AppendFile(join(directory, names.log))
  }

  received(bytes: ConsoleBytes, t: number): void {
    this.#raw.write(bytes.text === undefined ? Buffer.from(bytes.base64, 'base64') : bytes.text)
    this.#text.write(this.#log.received(bytes, t))
  }

  sent(bytes: ConsoleBytes, t: number): void {
    this.#text.write(this.#log.sent(bytes, t))
  }

  broke(t: number): void {
    this.#text.write(this.#log.broke(t))
  }

  lost(reason: string, t: number): void {
    this.#text.write(this.#log.lost(reason, t))
  }

  back(awayMs: number, t: number): void {
    this.#text.write(this.#log.back(awayMs, t))
  }

  closed(reason: string, t: number): void {
    this.#text.write(this.#log.closed(reason, t))
  }

  end(): void {
    this.#text.write(this.#log.end())
    this.#text.close()
    this.#raw.close()
  }
}
