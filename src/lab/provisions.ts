import type { BootPlan } from '../board/boot-plan.ts'
import type { FileServer } from '../board/file-server.ts'
import type { Deadline } from '../core/deadline.ts'
import { HilError } from '../core/errors.ts'
import type { EmitEvent } from '../core/events.ts'
import type { FileFetch } from '../core/file-fetch.ts'
import type { UndoStack } from '../core/undo-stack.ts'
import type { BoardSpec, BootSettings } from '../environment/environment.ts'
import { chainloadPlan } from './chainload-plan.ts'
import { openFiles } from './open-files.ts'
import type { Hardware } from './open-hardware.ts'
import type { PublishedFile } from './taken-board.ts'

/** Makes and publishes what a board is to boot; given, because payloads are made in a room of their own. */
export type PreparePayload = (
  boot: BootSettings,
  context: {
    readonly board: string
    readonly files: FileServer | undefined
    readonly temporaryDirectory: string
  },
  t: Deadline,
) => Promise<BootPlan>

export interface ProvisionOptions {
  readonly preparePayload: PreparePayload
  /** Whether it is given nothing to fetch just now, so that no server is started for it. @default never */
  readonly bootsItsOwn?: () => boolean
  readonly temporaryDirectory: string
  readonly emit: EmitEvent
  readonly undo: UndoStack
}

/** What a board is given to boot, and the server it gets that from: both are made when they are first asked for. */
export class Provisions {
  readonly #spec: BoardSpec
  readonly #hardware: Hardware
  readonly #options: ProvisionOptions
  #server: FileServer | undefined
  #plan: Promise<BootPlan> | undefined

  constructor(spec: BoardSpec, hardware: Hardware, options: ProvisionOptions) {
    this.#spec = spec
    this.#hardware = hardware
    this.#options = options
  }

  /** Of an emulator without bootloader: it starts the kernel of a plan from its next power-on on. */
  get startKernel(): ((plan: BootPlan) => void) | undefined {
    return this.#hardware.bootloader === undefined ? this.#hardware.loadKernel : undefined
  }

  /** What to boot, with artifacts published where the board can fetch them; made once. */
  async plan(t: Deadline): Promise<BootPlan> {
    this.#plan ??= this.#makePlan(t)
    try {
      return await this.#plan
    } catch (error) {
      this.#plan = undefined
      throw error
    }
  }

  forgetPlan(): void {
    this.#plan = undefined
  }

  /** What the first bootloader is to boot: the second one, published where the board can fetch it. */
  async chainloadPlan(t: Deadline): Promise<BootPlan> {
    return chainloadPlan(this.#spec, await this.#openServer(), t)
  }

  /** Makes a file available to the bootloader. @throws HilError `files.no-server` (environment) */
  async publish(name: string, path: string, t: Deadline): Promise<PublishedFile> {
    const server = await this.#openServer()
    if (server === undefined) throw noServer(this.#spec.name)
    return { ...(await server.publish(name, path, t)), from: server.address }
  }

  fetches(servedName: string): readonly FileFetch[] | undefined {
    return this.#server?.fetches?.(servedName)
  }

  requests(servedName: string): number | undefined {
    return this.#server?.requests?.(servedName)
  }

  async settled(servedNames: readonly string[]): Promise<void> {
    await this.#server?.settled?.(servedNames)
  }

  async concludeFetches(servedNames: readonly string[]): Promise<void> {
    await this.#server?.conclude?.(servedNames)
  }

  async #makePlan(t: Deadline): Promise<BootPlan> {
    const { bootsItsOwn, preparePayload, temporaryDirectory } = this.#options
    const files = bootsItsOwn?.() === true ? undefined : await this.#openServer()
    return preparePayload(this.#spec.boot, { board: this.#spec.name, files, temporaryDirectory }, t)
  }

  async #openServer(): Promise<FileServer | undefined> {
    const isLoadedDirectly = this.startKernel !== undefined && this.#spec.boot.by === 'network'
    this.#server ??= isLoadedDirectly
      ? this.#hardware.files
      : await openFiles(this.#spec, this.#hardware, this.#options)
    return this.#server
  }
}

function noServer(board: string): HilError {
  return new HilError(
    'files.no-server',
    `${board} is to get a file at its bootloader, but nothing serves it: add "network: { tftp: { embedded: true } }" to the board, or "boot: { by: console }"`,
    { blame: 'environment', details: { board } },
  )
}
