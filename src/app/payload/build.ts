import { relative, resolve } from 'node:path'
import { buildPayload, type BuiltPayload } from '../../build/build-payload.ts'
import type { InitChoice, KernelFrom, PayloadRequest } from '../../build/build-request.ts'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { artifactsOf, devbootName, devbootScript, parseInitrdList } from '../../payload/index.ts'
import { formatSize } from '../format-size.ts'
import { findBoard, toTarget } from './board-target.ts'

/** `hil payload build`, as it was typed. */
export interface PayloadBuildArguments {
  readonly output: string
  readonly env: string | undefined
  readonly board: string | undefined
  readonly kernelTree: string | undefined
  readonly objects: string | undefined
  readonly make: boolean
  readonly arch: string | undefined
  readonly crossCompile: string | undefined
  readonly debian: readonly string[]
  readonly fit: string | undefined
  readonly kernel: string | undefined
  readonly dtb: readonly string[]
  readonly overlay: readonly string[]
  readonly initrd: string | undefined
  readonly busybox: string | undefined
  readonly rsinit: string | undefined
  readonly rsinitBind: string
  readonly modulesFrom: string | undefined
  readonly modules: 'all' | 'board' | 'none'
  readonly module: readonly string[]
  readonly modulesPrefix: string | undefined
  readonly files: string | undefined
  readonly bootargs: readonly string[]
  readonly format: 'auto' | 'fit' | 'files'
  readonly devboot: string | undefined
}

/** Makes a payload and says on stdout what is in it. @returns the exit code */
export async function buildPayloadCommand(args: PayloadBuildArguments, cwd = process.cwd()): Promise<number> {
  const board = args.env === undefined ? undefined : await findBoard(args.env, args.board, cwd)
  const built = await buildPayload(toRequest(args, board, cwd))
  const script = args.devboot === undefined ? undefined : await writeDevboot(built, args.devboot)
  process.stdout.write(describe(built, cwd, script))
  return 0
}

function toRequest(args: PayloadBuildArguments, board: BoardSpec | undefined, cwd: string): PayloadRequest {
  const path = (file: string) => resolve(cwd, file)
  const optional = (file: string | undefined) => (file === undefined ? undefined : path(file))
  const { keepsOwn, files } = parseInitrdList(args.initrd ?? ':')
  const init = chooseInit(args, board, path)
  return {
    output: path(args.output),
    from: chooseSource(args, path),
    board: board && toTarget(board),
    format: args.format,
    deviceTrees: args.dtb.map(path),
    overlays: args.overlay.map(path),
    // With an init of its own the payload is whole: the board's initrd would only stand in its way.
    initrd: {
      keepsOwn: keepsOwn && (args.initrd !== undefined || init === undefined),
      files: files.map(path),
    },
    init,
    modulesFrom: optional(args.modulesFrom),
    modules: args.modules,
    extraModules: args.module,
    modulesPrefix: args.modulesPrefix ?? (init === undefined ? (process.env['INSTALL_MOD_PATH'] ?? '') : ''),
    files: optional(args.files),
    bootargs: [...(board?.boot.bootargs ?? []), ...args.bootargs],
    timestamp: Number(process.env['SOURCE_DATE_EPOCH'] ?? 0) || 0,
  }
}

function chooseSource(args: PayloadBuildArguments, path: (file: string) => string): KernelFrom {
  const { kernelTree, debian, fit, kernel } = args
  const named = [
    ['--kernel-tree', kernelTree],
    ['--debian', debian[0]],
    ['--fit', fit],
    ['--kernel', kernel],
  ].filter(([, value]) => value !== undefined)
  if (named.length > 1) {
    throw usage(
      `${named.map(([option]) => option).join(' and ')} exclude each other: the kernel comes from one place`,
    )
  }
  if (kernelTree !== undefined) {
    return {
      tree: path(kernelTree),
      objects: args.objects === undefined ? undefined : path(args.objects),
      make: args.make ? { architecture: args.arch, crossCompile: args.crossCompile } : undefined,
    }
  }
  if (debian.length > 0) return { debian: debian.map(path) }
  if (fit !== undefined) return { fit: path(fit) }
  if (
    kernel === undefined &&
    args.dtb.length === 0 &&
    args.initrd === undefined &&
    args.modulesFrom === undefined
  ) {
    throw usage(
      'nothing to build a payload from: give --kernel-tree, --debian, --fit, or files (--kernel, --dtb, --initrd)',
    )
  }
  return { kernel: kernel === undefined ? undefined : path(kernel) }
}

function chooseInit(
  { busybox, rsinit, rsinitBind }: PayloadBuildArguments,
  board: BoardSpec | undefined,
  path: (file: string) => string,
): InitChoice {
  if (busybox !== undefined && rsinit !== undefined) {
    throw usage('--busybox and --rsinit exclude each other: there is one init')
  }
  if (rsinit !== undefined) return { rsinit: path(rsinit), bindOption: rsinitBind }
  if (busybox !== undefined) return { busybox: path(busybox) }
  const initrd = board?.boot.payload?.initrd
  return initrd !== undefined && 'busybox' in initrd ? initrd : undefined
}

/** `user:host`, into the payload's directory. */
async function writeDevboot({ payload, directory }: BuiltPayload, target: string): Promise<string> {
  const { writeFile } = await import('node:fs/promises')
  const [user = 'none', host = ''] = target.includes(':') ? target.split(':') : ['none', target]
  const name = devbootName({ user, host })
  await writeFile(resolve(directory, name), devbootScript(payload))
  return name
}

function describe(
  { payload, directory, made, initrd, notes }: BuiltPayload,
  cwd: string,
  script: string | undefined,
) {
  const { release, architecture } = payload.kernel
  const title = release === undefined ? 'no kernel' : `Linux ${release} (${architecture ?? 'unknown'})`
  const rows = artifactsOf(payload).map(
    ({ name, size }) =>
      `  ${name.padEnd(24)} ${formatSize(size).padStart(9)}  ${made.includes(name) ? 'made' : 'unchanged'}`,
  )
  const modules =
    initrd === undefined || initrd.modules === 0
      ? []
      : [
          `  ${initrd.modules} modules${initrd.loaded.length > 0 ? `, ${initrd.loaded.length} of them loaded before root` : ''}${initrd.strippedBytes > 0 ? `; ${formatSize(initrd.strippedBytes)} of debug information left out` : ''}`,
        ]
  return [
    `${relative(cwd, directory) || '.'}: ${title}, payload ${payload.nonce}`,
    ...rows,
    ...(script === undefined ? [] : [`  ${script}`]),
    ...modules,
    ...notes.map((note) => `  note: ${note}`),
    '',
  ].join('\n')
}

function usage(sentence: string): HilError {
  return new HilError('cli.usage', sentence, { blame: 'environment' })
}
