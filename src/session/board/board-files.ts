import { ShellTransfer } from '../../board/shell-transfer/shell-transfer.ts'
import type { FileTransfer, Transferred } from '../../board/file-transfer.ts'
import type { Shell } from '../../board/shell.ts'
import type { Deadline } from '../../core/deadline.ts'
import type { EmitEvent } from '../../core/events.ts'
import { finishBy } from '../../core/finish-by.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import { tellTransfer } from '../../lab/tell-transfer.ts'
import type { BoardCalls, FileCall } from './board-calls.ts'
import { getAtBootloader, putAtBootloader } from './bootloader-files.ts'
import { isBootloader } from './handle-kinds.ts'
import type { Queue } from './queue.ts'
import type { BoardNetwork } from '../ssh/board-network.ts'

/** What moving files needs of the rest of a board's service. */
export interface FilesBench {
  readonly board: TakenBoard
  readonly network: BoardNetwork
  /** What waits for its turn on the console. */
  readonly queue: Queue
  readonly emit: EmitEvent
  /** What the board's state offers. */
  handle(): unknown
  /** @throws HilError where no shell is there */
  requireShell(): Shell
  /** Ends what runs in the shell where the board dies under it. */
  guard<T>(work: Promise<T>, t: Deadline): Promise<T>
}

/** Moves files: over SSH beside the console, over the console in turn with what else uses it, or at a bootloader. */
export class BoardFiles {
  readonly #bench: FilesBench
  /** One for each shell, for it remembers what programs the board has. */
  readonly #ofShell = new WeakMap<Shell, FileTransfer>()

  constructor(bench: FilesBench) {
    this.#bench = bench
  }

  put(
    t: Deadline,
    file: string | Uint8Array,
    path: string,
    { mode, ...way }: FileCall,
    onProgress?: Parameters<BoardCalls['putFile']>[3],
  ): Promise<Transferred> {
    const { board, queue, emit } = this.#bench
    const told = { board: board.name, direction: 'put', path } as const
    const handle = this.#bench.handle()
    if (isBootloader(handle)) {
      return queue.runBy(t, async () => {
        using budget = t.within(way.timeoutMs ?? Number.POSITIVE_INFINITY, `putting ${path}`)
        return await tellTransfer(told, emit, onProgress, (report) =>
          putAtBootloader(handle, board, file, path, budget, { onProgress: report }),
        )
      })
    }
    return this.#withFiles(t, way, `putting ${path}`, (files, budget) =>
      tellTransfer(told, emit, onProgress, (report) =>
        files.put(file, path, budget, { onProgress: report, ...(mode !== undefined && { mode }) }),
      ),
    )
  }

  get(
    t: Deadline,
    path: string,
    file: string,
    way: FileCall,
    onProgress?: Parameters<BoardCalls['getFile']>[3],
  ): Promise<Transferred> {
    const { board, emit } = this.#bench
    if (isBootloader(this.#bench.handle())) return Promise.reject(getAtBootloader(path))
    const told = { board: board.name, direction: 'get', path } as const
    return this.#withFiles(t, way, `getting ${path}`, (files, budget) =>
      tellTransfer(told, emit, onProgress, (report) => files.get(path, file, budget, { onProgress: report })),
    )
  }

  async #withFiles<T>(
    t: Deadline,
    way: FileCall,
    label: string,
    work: (files: FileTransfer, t: Deadline) => Promise<T>,
  ): Promise<T> {
    const bench = this.#bench
    const { network, queue } = bench
    const { by = network.isDeclared ? 'ssh' : 'console', timeoutMs = Number.POSITIVE_INFINITY } = way
    using budget = t.within(timeoutMs, label)
    if (by === 'ssh') return await finishBy(work(await network.files(budget), budget), budget)
    return await queue.runBy(budget, () =>
      bench.guard(work(this.#over(bench.requireShell()), budget), budget),
    )
  }

  #over(shell: Shell): FileTransfer {
    const files = this.#ofShell.get(shell) ?? new ShellTransfer(shell, { by: 'console' })
    this.#ofShell.set(shell, files)
    return files
  }
}
