import type { CommandRunner } from '../../../../board/command-runner.ts'
import type { Deadline } from '../../../../core/deadline.ts'
import { readMemory } from '../memory.ts'
import { readVariable } from '../variables.ts'

/** As much as is read of a configuration: it is typed out by the board in hex, five characters a byte. */
const maximumSize = 16 * 1024

/** The files of one partition, as U-Boot reads them. */
export class DiskFiles {
  /** As `load` takes it: `mmc 0:1`. */
  readonly device: string
  readonly #prompt: Pick<CommandRunner, 'run'>
  readonly #address: string

  /** @param address in memory that files are loaded to */
  constructor(prompt: Pick<CommandRunner, 'run'>, device: string, address: string) {
    this.#prompt = prompt
    this.device = device
    this.#address = address
  }

  /** The start of a file that is left in memory; undefined where there is none. */
  async read(path: string, t: Deadline): Promise<Buffer | undefined> {
    if (!isTypeable(path)) return undefined
    const command = `load ${this.device} ${this.#address} ${path} ${maximumSize.toString(16)}`
    const { exitCode, stdout } = await this.#prompt.run(command, t)
    const size = /(\d{1,9}) bytes read/.exec(stdout)?.[1]
    if (exitCode !== 0 || size === undefined) return undefined
    return readMemory(this.#prompt, this.#address, Number(size), t)
  }

  async readText(path: string, t: Deadline): Promise<string | undefined> {
    return (await this.read(path, t))?.toString('utf8')
  }

  /** In bytes; undefined where there is no such file. */
  async size(path: string, t: Deadline): Promise<number | undefined> {
    if (!isTypeable(path)) return undefined
    const { exitCode } = await this.#prompt.run(`size ${this.device} ${path}`, t)
    return exitCode === 0 ? Number.parseInt(await readVariable(this.#prompt, 'filesize', t), 16) : undefined
  }

  /** Names of the plain files in a directory; none where there is no such directory. */
  async list(directory: string, t: Deadline): Promise<readonly string[]> {
    const { exitCode, stdout } = await this.#prompt.run(`ls ${this.device} ${directory}`, t)
    if (exitCode !== 0) return []
    return [...stdout.matchAll(/^ {0,20}\d{1,20} +(\S{1,255})$/gm)].map(([, name = '']) => name)
  }
}

/** Whether the prompt can be told this path, and takes it for one word. */
export function isTypeable(path: string): boolean {
  return /^[\w.+/@:,=-]{1,160}$/.test(path)
}
