import { resolve } from 'node:path'
import { HilError } from '../../core/errors.ts'
import type { BoardSpec } from '../../environment/environment.ts'
import { noPayload, type PayloadSettings } from '../../environment/payload-settings.ts'
import { parseInitrdList } from '../../payload/index.ts'

/** The options that say what to boot, as they were typed: of `hil payload build`, `hil run` and `hil boot`. */
export interface PayloadArguments {
  /** A payload made before. */
  readonly payload?: string | undefined
  readonly kernelTree: string | undefined
  readonly objects: string | undefined
  readonly make: boolean | undefined
  readonly arch: string | undefined
  readonly crossCompile: string | undefined
  readonly debian: readonly string[] | undefined
  readonly fit: string | undefined
  readonly kernel: string | undefined
  readonly dtb: readonly string[] | undefined
  readonly overlay: readonly string[] | undefined
  readonly initrd: string | undefined
  readonly busybox: string | undefined
  readonly rsinit: string | undefined
  readonly rsinitBind: string | undefined
  readonly modulesFrom: string | undefined
  readonly modules: 'all' | 'board' | 'none' | undefined
  readonly module: readonly string[] | undefined
  readonly modulesPrefix: string | undefined
  readonly rootfs: string | undefined
  readonly files: string | undefined
  readonly bootargs: readonly string[] | undefined
  readonly format: 'auto' | 'fit' | 'files' | undefined
}

/**
 * What the command line says, with absolute paths.
 * @throws HilError `cli.usage` (environment) for options that exclude each other
 */
export function settingsOf(args: PayloadArguments, cwd: string): PayloadSettings {
  const path = (file: string) => resolve(cwd, file)
  const optional = (file: string | undefined) => (file === undefined ? undefined : path(file))
  assertOne('the kernel comes from one place', {
    '--payload': args.payload,
    '--kernel-tree': args.kernelTree,
    '--debian': args.debian?.[0],
    '--fit': args.fit,
    '--kernel': args.kernel,
  })
  assertOne('there is one init', { '--busybox': args.busybox, '--rsinit': args.rsinit })
  const initrd = args.initrd === undefined ? undefined : parseInitrdList(args.initrd)
  return {
    directory: optional(args.payload),
    kernelTree: optional(args.kernelTree),
    objects: optional(args.objects),
    make: args.make ?? false,
    arch: args.arch,
    crossCompile: args.crossCompile,
    debian: (args.debian ?? []).map(path),
    fit: optional(args.fit),
    kernel: optional(args.kernel),
    deviceTrees: (args.dtb ?? []).map(path),
    overlays: (args.overlay ?? []).map(path),
    initrd: initrd && { keepsOwn: initrd.keepsOwn, files: initrd.files.map(path) },
    busybox: optional(args.busybox),
    rsinit: optional(args.rsinit),
    rsinitBind: args.rsinitBind,
    modulesFrom: optional(args.modulesFrom),
    modules: args.modules,
    extraModules: args.module ?? [],
    modulesPrefix: args.modulesPrefix,
    rootfs: optional(args.rootfs),
    files: optional(args.files),
    format: args.format,
  }
}

/** A board that boots what the command line says where the environment says something else. */
export function withPayload(spec: BoardSpec, args: PayloadArguments, cwd: string): BoardSpec {
  const payload = mergePayload(spec.boot.payload, settingsOf(args, cwd))
  const bootargs = [...spec.boot.bootargs, ...(args.bootargs ?? [])]
  return { ...spec, boot: { ...spec.boot, bootargs, payload } }
}

/**
 * The settings of an environment with those of a command line laid over them. Another source of the
 * kernel replaces the first with all that came from it; a single thing replaces that thing.
 */
export function mergePayload(
  own: PayloadSettings | undefined,
  given: PayloadSettings,
): PayloadSettings | undefined {
  if (isEmpty(given)) return own
  if (given.directory !== undefined) return given
  const base = own === undefined || own.directory !== undefined ? noPayload : own
  const { kernelTree, debian, fit, kernel } = given
  const bringsAll = kernelTree !== undefined || debian.length > 0 || fit !== undefined
  const kept = bringsAll
    ? { ...base, ...noSource, deviceTrees: [], modulesFrom: undefined }
    : kernel !== undefined
      ? { ...base, ...noSource }
      : base
  const isNewInit = given.busybox !== undefined || given.rsinit !== undefined
  return {
    directory: undefined,
    kernelTree: kernelTree ?? kept.kernelTree,
    debian: orElse(debian, kept.debian),
    fit: fit ?? kept.fit,
    kernel: kernel ?? kept.kernel,
    objects: given.objects ?? kept.objects,
    make: given.make || kept.make,
    arch: given.arch ?? kept.arch,
    crossCompile: given.crossCompile ?? kept.crossCompile,
    deviceTrees: orElse(given.deviceTrees, kept.deviceTrees),
    overlays: [...kept.overlays, ...given.overlays],
    initrd: given.initrd ?? kept.initrd,
    busybox: given.busybox ?? (isNewInit || given.initrd?.keepsOwn === false ? undefined : kept.busybox),
    rsinit: given.rsinit ?? (isNewInit || given.initrd?.keepsOwn === false ? undefined : kept.rsinit),
    rsinitBind: given.rsinitBind ?? kept.rsinitBind,
    modulesFrom: given.modulesFrom ?? kept.modulesFrom,
    modules: given.modules ?? kept.modules,
    extraModules: [...kept.extraModules, ...given.extraModules],
    modulesPrefix: given.modulesPrefix ?? kept.modulesPrefix,
    rootfs: given.rootfs ?? kept.rootfs,
    files: given.files ?? kept.files,
    format: given.format ?? kept.format,
  }
}

const noSource = {
  kernelTree: undefined,
  debian: [],
  fit: undefined,
  kernel: undefined,
  objects: undefined,
  make: false,
} as const

function isEmpty(settings: PayloadSettings): boolean {
  return Object.values(settings).every(
    (value) => value === undefined || value === false || (Array.isArray(value) && value.length === 0),
  )
}

function orElse(given: readonly string[], otherwise: readonly string[]): readonly string[] {
  return given.length > 0 ? given : otherwise
}

function assertOne(why: string, options: Readonly<Record<string, string | undefined>>): void {
  const named = Object.entries(options).flatMap(([option, value]) => (value === undefined ? [] : [option]))
  if (named.length <= 1) return
  throw new HilError('cli.usage', `${named.join(' and ')} exclude each other: ${why}`, {
    blame: 'environment',
  })
}
