import { constants, createWriteStream } from 'node:fs'
import { chmod, copyFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { buildFit } from '../codecs/fit/index.ts'
import { payloadError } from '../codecs/payload-error.ts'
import { stockPayload, withNonce, type Artifact, type ArtifactKind } from '../payload/index.ts'
import type {
  DeviceTreeChoice,
  ImageChoice,
  InitrdChoice,
  KernelFacts,
  Origin,
  Payload,
} from '../payload/index.ts'
import { ArtifactStore, type Produced } from './artifact-store.ts'
import type { PayloadRequest } from './build-request.ts'
import { chooseDeviceTrees } from './choose-device-trees.ts'
import { mergeDeviceTree, readOverlay } from './device-tree.ts'
import { fileSource } from './files.ts'
import { compilerOf, readKernelFacts } from './kernel-facts.ts'
import type { InputRecords } from './input-records.ts'
import { initrdInputs, needsInitrd, writeInitrd, type InitrdReport } from './make-initrd.ts'
import { openSource } from './open-source.ts'
import { writePayloadFile } from './payload-file.ts'
import { prepareFit } from './prepare-fit.ts'
import type { KernelSource } from './sources/kernel-source.ts'

export interface BuiltPayload {
  readonly payload: Payload
  readonly directory: string
  /** Names of artifacts that were made anew; the others were there. */
  readonly made: readonly string[]
  /** The files that it was made of, as they were. */
  readonly inputs: InputRecords
  readonly initrd: InitrdReport | undefined
  /** What a person should know, in sentences. */
  readonly notes: readonly string[]
}

/**
 * Makes a payload: a directory with `payload.json` and its artifacts. The same inputs give the same
 * bytes, and what has not changed is not made again. Throws HilErrors of blame `payload`.
 */
export async function buildPayload(request: PayloadRequest): Promise<BuiltPayload> {
  const scratch = await mkdtemp(join(tmpdir(), 'hil-payload-'))
  try {
    const store = await ArtifactStore.open(request.output)
    const builder = new Builder(request, store)
    const built =
      'fit' in request.from
        ? await builder.fromFit(request.from.fit)
        : await builder.fromSource(await openSource(request, scratch))
    await writePayloadFile(request.output, built.payload)
    return built
  } finally {
    await rm(scratch, { recursive: true, force: true })
  }
}

class Builder {
  readonly #request: PayloadRequest
  readonly #store: ArtifactStore
  readonly #names = new Set<string>()
  readonly #made: string[] = []
  readonly #notes: string[] = []

  constructor(request: PayloadRequest, store: ArtifactStore) {
    this.#request = request
    this.#store = store
  }

  async fromSource(source: KernelSource): Promise<BuiltPayload> {
    const { board, format, bootargs } = this.#request
    const trees = await this.#chooseTrees(source)
    const kernel =
      source.kernel === undefined ? stockPayload.kernel : await readKernelFacts(source.kernel, source.config)
    const compiler = compilerOf(kernel.banner)
    const origin = { ...source.origin, ...(compiler === undefined ? {} : { compiler }) }
    const initrd = await this.#makeInitrd(source, trees[0], kernel)
    const isFit =
      source.kernel !== undefined &&
      (format === 'fit' || (format === 'auto' && board?.bootloader === 'barebox' && trees.length > 0))
    const parts = isFit
      ? await this.#asFit({ ...source, kernel: source.kernel, origin }, trees, kernel, initrd)
      : await this.#asFiles({ ...source, origin }, trees, initrd)
    return this.#finish(
      withNonce({ ...parts, kernel, bootargs: [...bootargs, ...this.#initArguments()] }),
      initrd,
    )
  }

  /** A FIT that was made elsewhere, trimmed to what the board can match. */
  async fromFit(file: string): Promise<BuiltPayload> {
    const { board, bootargs, overlays } = this.#request
    const prepared = await prepareFit(file, board)
    this.#notes.push(...prepared.notes)
    const origin: Origin = { kind: 'fit', path: file }
    const settings = ['fit', prepared.configurations]
    const produced = await this.#produce('image.fit', settings, [file], prepared.write)
    const initrd = await this.#makeInitrd(
      { origin, kernel: undefined, deviceTrees: [], modules: undefined, config: undefined },
      undefined,
      prepared.kernel,
    )
    const image: ImageChoice = {
      artifact: this.#artifact('fit', 'image.fit', produced, origin),
      brings: prepared.brings,
    }
    const payload = withNonce({
      image,
      deviceTree: { base: 'own', overlays: await this.#overlayFiles(overlays) },
      initrd: this.#initrdChoice(initrd),
      bootargs: [...bootargs, ...this.#initArguments()],
      kernel: prepared.kernel,
    })
    return this.#finish(payload, initrd)
  }

  async #chooseTrees({ deviceTrees }: KernelSource): Promise<readonly string[]> {
    const { board, deviceTrees: given } = this.#request
    if (given.length > 0) return given
    if (board === undefined) return this.#request.format === 'fit' ? deviceTrees : []
    const chosen = await chooseDeviceTrees(deviceTrees, board)
    if (chosen.length === 0 && deviceTrees.length > 0) {
      const wanted = board.compatible[0]
      this.#notes.push(
        wanted === undefined
          ? `the environment does not say what ${board.name} is ("compatible"), so none of the ${deviceTrees.length} device trees is taken; the bootloader's own stays`
          : `none of the ${deviceTrees.length} device trees is for "${wanted}"; the bootloader's own stays`,
      )
    }
    return chosen
  }

  async #asFit(
    source: KernelSource & { readonly kernel: string },
    trees: readonly string[],
    kernel: KernelFacts,
    initrd: Produced<InitrdReport> | undefined,
  ) {
    const { overlays, timestamp, initrd: list, files } = this.#request
    if (trees.length === 0) {
      throw payloadError(
        'payload.no-device-tree',
        'a FIT needs a device tree for its configuration: name one (--dtb), or take --format files',
      )
    }
    const takesInitrd = initrd !== undefined && !list.keepsOwn
    const inputs = [source.kernel, ...trees, ...overlays, ...(takesInitrd ? [initrd.path] : [])]
    const settings = ['fit', timestamp, kernel.release, trees.length, overlays, takesInitrd, files]
    const produced = await this.#produce(
      'image.fit',
      settings,
      source.inputs ? [...source.inputs, ...inputs.slice(1 + trees.length)] : inputs,
      async (path) => {
        const fit = await buildFit({
          description: `Linux-${kernel.release ?? 'unknown'}`,
          timestamp,
          architecture: kernel.architecture ?? 'arm64',
          kernel: {
            description: `Linux-${kernel.release ?? 'unknown'}`,
            data: await fileSource(source.kernel),
          },
          deviceTrees: await Promise.all(
            trees.map(async (tree) => ({
              name: basename(tree),
              data: await mergeDeviceTree(tree, overlays),
            })),
          ),
          ramdisks: takesInitrd ? [await readFile(initrd.path)] : [],
          hashes: ['sha256'],
        })
        await pipeline(fit.open(), createWriteStream(path, { mode: 0o644 }))
      },
    )
    const image: ImageChoice = {
      artifact: this.#artifact('fit', 'image.fit', produced, source.origin),
      brings: { deviceTree: true, initrd: takesInitrd },
    }
    const deviceTree: DeviceTreeChoice = { base: 'own', overlays: [] }
    const choice: InitrdChoice = takesInitrd ? { keepsOwn: true, parts: [] } : this.#initrdChoice(initrd)
    return { image, deviceTree, initrd: choice }
  }

  async #asFiles(source: KernelSource, trees: readonly string[], initrd: Produced<InitrdReport> | undefined) {
    const { overlays } = this.#request
    const [tree, ...others] = trees
    if (tree !== undefined && others.length > 0) {
      const names = others.map((file) => basename(file)).join(', ')
      this.#notes.push(`${basename(tree)} is taken; ${names} would fit the board too (--dtb names another)`)
    }
    const image = source.kernel === undefined ? undefined : await this.#kernelFile(source.kernel, source)
    const deviceTree: DeviceTreeChoice =
      tree === undefined
        ? { base: 'own', overlays: await this.#overlayFiles(overlays) }
        : { base: await this.#treeFile(tree, source), overlays: [] }
    return { image, deviceTree, initrd: this.#initrdChoice(initrd) }
  }

  async #kernelFile(kernel: string, { origin, inputs }: KernelSource): Promise<ImageChoice> {
    const name = artifactName(kernel)
    const produced = await this.#produce(
      name,
      ['copy', basename(kernel)],
      inputs ?? [kernel],
      async (path) => {
        await copyFile(kernel, path, constants.COPYFILE_FICLONE)
        await chmod(path, 0o644)
      },
    )
    return {
      artifact: this.#artifact('kernel', name, produced, origin),
      brings: { deviceTree: false, initrd: false },
    }
  }

  async #treeFile(tree: string, { origin, inputs }: KernelSource): Promise<Artifact> {
    const { overlays } = this.#request
    const name = artifactName(tree)
    const from = [...(inputs ?? [tree]), ...overlays]
    const produced = await this.#produce(name, ['tree', basename(tree), overlays], from, async (path) =>
      writeFile(path, await mergeDeviceTree(tree, overlays)),
    )
    return this.#artifact('device-tree', name, produced, origin)
  }

  async #overlayFiles(overlays: readonly string[]): Promise<Artifact[]> {
    const artifacts: Artifact[] = []
    for (const overlay of overlays) {
      const name = artifactName(overlay).replace(/\.dtso?$/, '.dtbo')
      const produced = await this.#produce(name, ['overlay'], [overlay], async (path) =>
        writeFile(path, await readOverlay(overlay)),
      )
      artifacts.push(this.#artifact('overlay', name, produced, { kind: 'file', path: overlay }))
    }
    return artifacts
  }

  async #makeInitrd(
    source: KernelSource,
    deviceTree: string | undefined,
    kernel: KernelFacts,
  ): Promise<Produced<InitrdReport> | undefined> {
    const request = this.#request
    if (!needsInitrd(request, source.modules)) return undefined
    const isCompressed = kernel.unpacks === undefined || kernel.unpacks.includes('gzip')
    const parts = { modules: source.modules, deviceTree, isCompressed }
    const { initrd, init, modules, extraModules, modulesPrefix, files, overlays } = request
    const settings = [
      'initrd',
      { initrd, init, modules, extraModules, modulesPrefix, files, overlays, isCompressed },
    ]
    const own = source.inputs === undefined ? parts : { ...parts, modules: undefined, deviceTree: undefined }
    const inputs = [...(await initrdInputs(request, own)), ...(source.inputs ?? [])]
    const name = isCompressed ? 'initrd.cpio.gz' : 'initrd.cpio'
    const produced = await this.#produce(name, settings, inputs, (path) => writeInitrd(path, request, parts))
    this.#noteInitrd(produced.result)
    return produced
  }

  #noteInitrd({ missing, notLoaded }: InitrdReport): void {
    for (const { name, neededBy } of missing) {
      this.#notes.push(
        neededBy === undefined
          ? `there is no module ${name}, and it is not built in`
          : `${neededBy} needs ${name}, which is neither a module nor built in`,
      )
    }
    if (notLoaded.length > 0) {
      this.#notes.push(
        `rsinit loads no modules: for root, storage and network build these in, or take hil's own init (--busybox): ${notLoaded.join(', ')}`,
      )
    }
  }

  #initrdChoice(initrd: Produced<InitrdReport> | undefined): InitrdChoice {
    if (initrd === undefined) return stockPayload.initrd
    const name = basename(initrd.path)
    const artifact = this.#artifact('initrd', name, initrd, { kind: 'made', path: name })
    const { init, initrd: list } = this.#request
    // Modules alone are of use only to an init that is there already.
    const isWhole = init !== undefined || (list.files.length > 0 && !list.keepsOwn)
    return { keepsOwn: list.keepsOwn || !isWhole, parts: [artifact] }
  }

  #initArguments(): readonly string[] {
    const { init } = this.#request
    return init !== undefined && 'rsinit' in init ? [init.bindOption] : []
  }

  async #produce<T>(
    name: string,
    settings: unknown,
    inputs: readonly string[],
    make: (path: string) => Promise<T>,
  ): Promise<Produced<T>> {
    if (this.#names.has(name)) {
      throw payloadError(
        'payload.same-name',
        `two files of the payload would be called ${name}: rename one`,
        { name },
      )
    }
    this.#names.add(name)
    const produced = await this.#store.produce(name, { settings, inputs }, make)
    if (!produced.isReused) this.#made.push(name)
    return produced
  }

  #artifact(kind: ArtifactKind, name: string, { digest }: Produced<unknown>, origin: Origin): Artifact {
    return { kind, name, ...digest, origin }
  }

  async #finish(payload: Payload, initrd: Produced<InitrdReport> | undefined): Promise<BuiltPayload> {
    await this.#store.close(this.#names)
    const { output: directory } = this.#request
    const { inputs } = this.#store
    return { payload, directory, made: this.#made, inputs, initrd: initrd?.result, notes: this.#notes }
  }
}

/** Bootloaders split paths at `@` and `:`, and at white space. */
function artifactName(path: string): string {
  return basename(path).replaceAll(/[^\w.+-]/g, '_')
}
