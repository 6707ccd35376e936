import type { TransferProgress } from '../../board/file-transfer.ts'
import type { Storage, StorageSide, WrittenImage } from '../../board/storage.ts'
import type { Deadline } from '../../core/deadline.ts'
import { HilError } from '../../core/errors.ts'
import type { TakenBoard } from '../../lab/taken-board.ts'
import type { StorageCall } from './board-calls.ts'

/** What specs do with the medium that a board and this machine have in turn. */
export class BoardStorage {
  readonly #board: TakenBoard

  constructor(board: TakenBoard) {
    this.#board = board
  }

  async switchTo(side: 'host' | 'board', t: Deadline): Promise<void> {
    const storage = this.#require()
    if ((await storage.side(t)) === side) return
    if (storage.needsPowerOff) await this.#assertOff(t)
    await storage.switchTo(side, t)
  }

  side(t: Deadline): Promise<StorageSide> {
    return this.#require().side(t)
  }

  /** Leaves the medium with this machine; the board gets it back before it gets power. */
  async write(
    image: string | undefined,
    { bmap, verify }: Omit<StorageCall, 'timeoutMs'>,
    onProgress: ((progress: TransferProgress) => void) | undefined,
    t: Deadline,
  ): Promise<WrittenImage> {
    const storage = this.#require()
    const chosen = image === undefined ? storage.image : { path: image, bmap }
    if (chosen === undefined) throw noImage(this.#board.name)
    await this.switchTo('host', t)
    return storage.write(chosen.path, t, {
      ...(chosen.bmap !== undefined && { bmap: chosen.bmap }),
      ...(verify !== undefined && { verify }),
      ...(onProgress && { onProgress }),
    })
  }

  /** A card that is taken from a running board loses what the board has not written yet, and the board its root. */
  async #assertOff(t: Deadline): Promise<void> {
    if ((await this.#board.power.state(t)) !== 'on') return
    throw new HilError(
      'storage.board-runs',
      `the board ${this.#board.name} has power: its memory card changes sides only while it is off (board.goto('off'))`,
      { blame: 'test', details: { board: this.#board.name } },
    )
  }

  #require(): Storage {
    const { storage, name } = this.#board
    if (storage !== undefined) return storage
    throw new HilError(
      'environment.no-storage',
      `the environment names no storage of board "${name}" that this machine can write; add "storage:"`,
      { blame: 'environment', details: { board: name } },
    )
  }
}

function noImage(board: string): HilError {
  return new HilError('storage.no-image', `no image was named for the storage of ${board}`, {
    blame: 'test',
    details: { board },
  })
}
