import type { Driver, DriverKind } from '../board/driver.ts'
import type { SshLogin } from '../board/ssh-login.ts'
import type { CoordinatorAddress } from './schema/coordinator-schema.ts'
import type { Problem } from './problems/problems.ts'
import type { PayloadSettings } from './payload-settings.ts'

/**
 * An environment after validation: every default is applied, every path absolute, everything
 * frozen. What is optional here can really be absent on a bench.
 */
export interface Environment {
  /** Absolute path of the file it was read from. */
  readonly file: string
  /** Absolute paths of all files it was made from: `file` and what it extends. */
  readonly files: readonly string[]
  /**
   * Names of the process variables it uses that look like secrets (`..._TOKEN`): their values are
   * part of options, and must not be shown.
   */
  readonly secretVariables: readonly string[]
  /** In the order of the file. */
  readonly boards: readonly BoardSpec[]
  /** What in it does not mean all that it says. */
  readonly remarks: readonly Problem[]
}

/** A driver of the catalogue with its validated options. */
export interface DriverChoice<Kind extends DriverKind = DriverKind> {
  readonly driver: Driver<Kind>
  readonly options: unknown
}

export interface BoardSpec {
  readonly name: string
  /** `arm64`, `arm`, `riscv64`, `x86_64`, ...; undefined: nobody said. */
  readonly architecture: string | undefined
  /** The root `compatible` of the board's device tree, most specific first. */
  readonly compatible: readonly string[]
  /** RAM; undefined: nobody said. */
  readonly memoryBytes: number | undefined
  /** A machine, or a power switch and a console, or a place at a coordinator, which brings them. */
  readonly hardware:
    | { readonly machine: DriverChoice<'machine'> }
    | { readonly power: DriverChoice<'power'>; readonly console: DriverChoice<'console'> }
    | { readonly place: PlaceChoice }
  /** Of the main console. */
  readonly console: ConsoleSettings
  /** In the order of the file. */
  readonly otherConsoles: readonly OtherConsole[]
  readonly bootloader: DriverChoice<'bootloader'> | undefined
  /** The one the board starts with, where `bootloader` is chain-loaded by it. */
  readonly firstBootloader: DriverChoice<'bootloader'> | undefined
  readonly shell: DriverChoice<'shell'>
  readonly ssh: DriverChoice<'ssh'> | undefined
  readonly storage: DriverChoice<'storage'> | undefined
  readonly recovery: DriverChoice<'recovery'> | undefined
  /** On: the board starts in its recovery mode when it gets power. */
  readonly recoveryStrap: DriverChoice<'power'> | undefined
  /** A strategy that ships with hil by name, or the absolute path of the user's own file. */
  readonly strategy: { readonly name: string } | { readonly file: string }
  readonly boot: BootSettings
  readonly network: NetworkSettings
  readonly timeouts: Timeouts
  /** How long the power stays off in a power cycle, in milliseconds. */
  readonly powerOffTimeMs: number
  /** The power state in which a run leaves the board. */
  readonly after: 'off' | 'on' | 'as-is'
  readonly features: readonly string[]
  /** What specs may ask for, by names of the environment's own. */
  readonly options: Readonly<Record<string, unknown>>
  /** By which boards are chosen. */
  readonly tags: readonly string[]
  /** What it needs for itself alone beside what its drivers name. */
  readonly resources: readonly string[]
  /** So many failures of its bench in a row put it into quarantine; infinite: none do. */
  readonly quarantineAfter: number
  /** What the kernel may complain about. */
  readonly kernelRules: readonly KernelRule[]
}

/** A board that labgrid's coordinator shares among many hosts. */
export interface PlaceChoice {
  readonly coordinator: CoordinatorAddress
  /** A certain one, or any with these tags. */
  readonly wanted: { readonly name: string } | { readonly tags: Readonly<Record<string, string>> }
  /** Its resources by what they are for, where it has several of a kind. */
  readonly use: Readonly<Partial<Record<PlaceRole, string>>>
  /** In place of what the place has. */
  readonly power: DriverChoice<'power'> | undefined
  readonly console: DriverChoice<'console'> | undefined
}

/** What a resource of a place is for. */
export type PlaceRole = 'power' | 'console' | 'ssh' | 'files' | 'storage'

/** A complaint of the kernel that is known and accepted. */
export interface KernelRule {
  /** Its title or signature exactly, or a pattern for them. */
  readonly match: string | RegExp
  readonly reason: string
  /** The last day on which it is accepted, `2027-01-31`. */
  readonly until: string
}

/** A console of a board beside its main one. */
export interface OtherConsole {
  /** `secure`: unique on its board. */
  readonly name: string
  readonly choice: DriverChoice<'console'>
  readonly settings: ConsoleSettings
  /** Whether what a kernel complains about on it counts. */
  readonly readsKernelLog: boolean
  /** What fails a test where it is said. */
  readonly failOn: readonly RegExp[]
}

/** What holds for every kind of console. Times in milliseconds. */
export interface ConsoleSettings {
  /** Pause after each character and each line, for UARTs that lose input; 0 is off. */
  readonly charDelayMs: number
  readonly lineDelayMs: number
  /** How long the line may be away after it was lost, or before it is there at first; 0: not at all. */
  readonly reconnectMs: number
  /** Whether the line is there only while the board has power. */
  readonly onlyWithPower: boolean
}

/** What the board boots when nothing is overridden, and what the environment itself overrides. */
export interface BootSettings {
  /** The bootloader's source or command; absent: its own default. */
  readonly source: string | undefined
  /** Absolute path of the bootloader's image that the first bootloader starts. */
  readonly chainload: string | undefined
  readonly bootargs: readonly string[]
  /** Whether barebox learns of a payload by its `devboot`. */
  readonly devboot: boolean
  /** How files come to the bootloader. */
  readonly by: 'network' | 'console'
  /** Whether barebox lays a payload out once before it boots it. */
  readonly dryRun: boolean
  readonly payload: PayloadSettings | undefined
  /** What shows that the board is well; absent: its own system, or the payload of an emulated board that has none. */
  readonly golden?: 'own' | 'payload' | undefined
}

/** The network the board is in. */
export interface NetworkSettings {
  readonly tftp: TftpSettings | undefined
  readonly nfs?: NfsSettings | undefined
  readonly http?: HttpSettings | undefined
}

/** Where the board fetches files from, when its machine does not bring a server along, or a better one. */
export type TftpSettings = DirectoryTftp | EmbeddedTftp

/** The directory of a TFTP server that runs already, in which files are put for the time of a run. */
export interface DirectoryTftp {
  readonly directory: string | undefined
  readonly embedded?: undefined
  /** The machine that has the directory; absent: this one. */
  readonly ssh?: SshLogin | undefined
  /** The server as the board reaches it. */
  readonly address: string | undefined
  readonly port: number
  /** In front of the name of every file: a directory below that one. */
  readonly prefix?: string
}

/** A directory that an HTTP server serves, in which files are put for the time of a run. */
export interface HttpSettings {
  readonly directory: string
  /** The machine that has the directory; absent: this one. */
  readonly ssh?: SshLogin | undefined
  readonly address: string
  readonly port: number
  /** Of the directory on the server: empty, or with a slash in front and none behind. */
  readonly path: string
}

/** A directory that an NFS server exports, in which files are put for the time of a run. */
export interface NfsSettings {
  readonly directory: string
  /** The machine that has the directory; absent: this one. */
  readonly ssh?: SshLogin | undefined
  /** The server as the board reaches it. */
  readonly address: string
  /** The directory as the server exports it. */
  readonly export: string
}

/** A TFTP server that hil itself is. What is absent depends on the machine hil runs on, and on the board's. */
export interface EmbeddedTftp {
  readonly embedded: {
    /** Address or interface of this machine; absent: all of them, or loopback for an emulated board. */
    readonly listen: string | undefined
    /** Absent: 69, or any that is free for an emulated board. */
    readonly port: number | undefined
  }
  readonly directory?: undefined
  /** The server as the board reaches it; absent: found out. */
  readonly address: string | undefined
  /** As the board reaches it; absent: the one it listens on. */
  readonly port: number | undefined
}

export interface Timeouts {
  /** Budget to enter a state, in milliseconds, by state name; absent: the strategy's own. */
  readonly states: Readonly<Record<string, number>>
  /** Default for one command, in milliseconds. */
  readonly command: number
  /** Time kept back for power-off and release at the end of a run, in milliseconds. */
  readonly release: number
}
