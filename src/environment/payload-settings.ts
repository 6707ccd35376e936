/** What to netboot, as an environment or a command line says it; all paths absolute. Absent parts are the board's own. */
export interface PayloadSettings {
  /** A payload that is made already; then nothing else is said. */
  readonly directory: string | undefined
  /** Where the kernel comes from: one of these at most. */
  readonly kernelTree: string | undefined
  readonly debian: readonly string[]
  readonly fit: string | undefined
  readonly kernel: string | undefined
  /** Where the kernel tree was built (`O=`), and how `make` is run in it, if at all. */
  readonly objects: string | undefined
  readonly make: boolean
  readonly arch: string | undefined
  readonly crossCompile: string | undefined
  readonly deviceTrees: readonly string[]
  readonly overlays: readonly string[]
  readonly initrd: InitrdSettings | undefined
  readonly busybox: string | undefined
  readonly rsinit: string | undefined
  readonly rsinitBind: string | undefined
  readonly modulesFrom: string | undefined
  readonly modules: 'all' | 'board' | 'none' | undefined
  readonly extraModules: readonly string[]
  readonly modulesPrefix: string | undefined
  /** The board's root file system, where it is at hand. */
  readonly rootfs: string | undefined
  /** A directory whose files are laid over the initramfs. */
  readonly files: string | undefined
  readonly format: 'auto' | 'fit' | 'files' | undefined
}

export interface InitrdSettings {
  /** Whether the files are appended to the board's own. */
  readonly keepsOwn: boolean
  readonly files: readonly string[]
}

/** Nothing is said. */
export const noPayload: PayloadSettings = {
  directory: undefined,
  kernelTree: undefined,
  debian: [],
  fit: undefined,
  kernel: undefined,
  objects: undefined,
  make: false,
  arch: undefined,
  crossCompile: undefined,
  deviceTrees: [],
  overlays: [],
  initrd: undefined,
  busybox: undefined,
  rsinit: undefined,
  rsinitBind: undefined,
  modulesFrom: undefined,
  modules: undefined,
  extraModules: [],
  modulesPrefix: undefined,
  rootfs: undefined,
  files: undefined,
  format: undefined,
}
