import { join } from 'node:path'
import { isConsoleEvent } from '../../core/console-events.ts'
import type { OtherConsoleEvent } from '../../core/events.ts'
import { fileName } from '../report-directory.ts'
import type { Reporter } from '../reporter.ts'
import { AppendFile } from './append-file.ts'
import { ConsoleLog } from './console-log.ts'

/**
 * The names of a board's console files. A run with a single board has plain names.
 * @param console which one beside the main one
 */
export function consoleFileNames(
  board: string,
  boards: readonly string[],
  console?: string,
): { log: string; raw: string } {
  const ofBoard = boards.length === 1 && boards[0] === board ? '' : `-${fileName(board)}`
  const suffix = console === undefined ? ofBoard : `${ofBoard}-${fileName(console)}`
  return { log: `console${suffix}.log`, raw: `console${suffix}.raw` }
}

/**
 * `console.log` (text, with times, both directions) and `console.raw` (the bytes received) of each board;
 * `console-secure.log` and `.raw` of a console beside the main one.
 */
export function consoleFiles(directory: string): Reporter {
  let boards: readonly string[] = []
  const files = new Map<string, ConsoleOnDisk>()
  const filesOf = (board: string, console?: string): ConsoleOnDisk => {
    const { log, raw } = consoleFileNames(board, boards, console)
    const known = files.get(log)
    if (known !== undefined) return known
    const opened = new ConsoleOnDisk(directory, { log, raw })
    files.set(log, opened)
    return opened
  }
  return {
    name: join(directory, 'console.log'),
    event(event) {
      if (event.type === 'run-started') {
        boards = event.boards
        for (const board of boards) filesOf(board)
      } else if (event.type === 'other-console') {
        filesOf(event.board, event.console).take(event.event, event.t)
      } else if (isConsoleEvent(event)) filesOf(event.board).take(event, event.t)
    },
    end() {
      for (const opened of files.values()) opened.end()
    },
  }
}

class ConsoleOnDisk {
  readonly #raw: AppendFile
  readonly #text: AppendFile
  readonly #log = new ConsoleLog()

  constructor(directory: string, names: { log: string; raw: string }) {
    this.#raw = new AppendFile(join(directory, names.raw))
    this.#text = new AppendFile(join(directory, names.log))
  }

  take(event: OtherConsoleEvent['event'], t: number): void {
    if (event.type === 'console-rx') {
      this.#raw.write(event.text === undefined ? Buffer.from(event.base64, 'base64') : event.text)
    }
    this.#text.write(this.#log.take(event, t))
  }

  end(): void {
    this.#text.write(this.#log.end())
    this.#text.close()
    this.#raw.close()
  }
}
