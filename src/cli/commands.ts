import type { AnyCommand } from './command.ts'

/** A command as the help lists it. Its file is loaded only when it is called. */
export interface CommandEntry {
  /** Name and positional arguments: `run <specs..>`. */
  readonly usage: string
  readonly summary: string
  readonly load: () => Promise<AnyCommand>
}

/** Commands that belong together: `hil env check`, `hil env show`. */
export interface CommandGroup {
  readonly name: string
  readonly summary: string
  readonly commands: readonly CommandEntry[]
  /** What is meant where the next word is none of them: `hil bisect tests/boot.spec.ts`. */
  readonly itself?: CommandEntry
  /** Options with a value that may come before the command, as other programs have them: `hil lab -p rock3a acquire`. */
  readonly optionsFirst?: readonly string[]
}

export const commands: readonly (CommandEntry | CommandGroup)[] = [
  {
    usage: 'run <specs..>',
    summary: 'Boot boards and run specs on them',
    load: async () => (await import('./commands/run.ts')).run,
  },
  {
    usage: 'boot [board]',
    summary: 'Boot a board, prove what it booted, and leave it there',
    load: async () => (await import('./commands/boot.ts')).boot,
  },
  {
    usage: 'watch <specs..>',
    summary: 'Run specs after each build or edit, on boards that stay held',
    load: async () => (await import('./commands/watch.ts')).watch,
  },
  {
    usage: 'push <modules..>',
    summary: 'Load kernel modules into the kernel that runs, in place of the old ones',
    load: async () => (await import('./commands/push.ts')).push,
  },
  {
    usage: 'console [board]',
    summary: "Attach this terminal to a board's console (Ctrl-] leaves)",
    load: async () => (await import('./commands/console.ts')).console,
  },
  {
    usage: 'log <file>',
    summary: 'Read a console log: stages of the boot, splats, KTAP results',
    load: async () => (await import('./commands/log.ts')).log,
  },
  {
    name: 'env',
    summary: 'Check environments, show what they come to, import those of labgrid',
    commands: [
      {
        usage: 'check <files..>',
        summary: 'Tell everything that is wrong in environment files',
        load: async () => (await import('./commands/env-check.ts')).envCheck,
      },
      {
        usage: 'show <file>',
        summary: 'Print an environment with defaults applied and secrets masked',
        load: async () => (await import('./commands/env-show.ts')).envShow,
      },
      {
        usage: 'import <file>',
        summary: "Write an environment of labgrid as one of hil's",
        load: async () => (await import('./commands/env-import.ts')).envImport,
      },
      {
        usage: 'schema',
        summary: 'Print the JSON Schema of environment files, for editors',
        load: async () => (await import('./commands/env-schema.ts')).envSchema,
      },
    ],
  },
  {
    name: 'payload',
    summary: 'Make what a board is to boot, and check it',
    commands: [
      {
        usage: 'build',
        summary: 'Make a payload from a kernel tree, a package, a FIT or files',
        load: async () => (await import('./commands/payload-build.ts')).payloadBuild,
      },
      {
        usage: 'check <directory>',
        summary: 'Tell what would keep a payload from booting a board',
        load: async () => (await import('./commands/payload-check.ts')).payloadCheck,
      },
      {
        usage: 'ls <path>',
        summary: 'List a payload, and its initramfs as the kernel unpacks it',
        load: async () => (await import('./commands/payload-ls.ts')).payloadLs,
      },
      {
        usage: 'extract <path> [files..]',
        summary: 'Unpack the initramfs of a payload into a directory',
        load: async () => (await import('./commands/payload-extract.ts')).payloadExtract,
      },
    ],
  },
  {
    name: 'fit',
    summary: 'Look at FIT images, and make them',
    commands: [
      {
        usage: 'inspect <files..>',
        summary: 'List images and configurations',
        load: async () => (await import('./commands/fit-inspect.ts')).fitInspect,
      },
      {
        usage: 'match <file>',
        summary: 'Predict which configuration barebox and U-Boot take',
        load: async () => (await import('./commands/fit-match.ts')).fitMatch,
      },
      {
        usage: 'build <files..>',
        summary: 'Make a FIT of a kernel and device trees',
        load: async () => (await import('./commands/fit-build.ts')).fitBuild,
      },
      {
        usage: 'extract <file> [images..]',
        summary: 'Write images to files',
        load: async () => (await import('./commands/fit-extract.ts')).fitExtract,
      },
      {
        usage: 'verify <files..>',
        summary: 'Compute all hashes',
        load: async () => (await import('./commands/fit-verify.ts')).fitVerify,
      },
    ],
  },
  {
    name: 'strategy',
    summary: 'Look at strategies: how boards get from state to state',
    commands: [
      {
        usage: 'show <strategy>',
        summary: "Print a strategy's states and edges, as text or as a Mermaid diagram",
        load: async () => (await import('./commands/strategy-show.ts')).strategyShow,
      },
    ],
  },
  {
    name: 'report',
    summary: 'Find, make again, join and compare reports of runs',
    commands: [
      {
        usage: 'path',
        summary: 'Print where the last run left its report',
        load: async () => (await import('./commands/report-path.ts')).reportPath,
      },
      {
        usage: 'open [directory]',
        summary: 'Open a report in the browser',
        load: async () => (await import('./commands/report-open.ts')).reportOpen,
      },
      {
        usage: 'make <directory>',
        summary: "Make a report's files, or any other format, from its events.jsonl",
        load: async () => (await import('./commands/report-make.ts')).reportMake,
      },
      {
        usage: 'merge <directories..>',
        summary: 'Join runs of several boards or shards: tests by boards',
        load: async () => (await import('./commands/report-merge.ts')).reportMerge,
      },
      {
        usage: 'diff <a> <b>',
        summary: 'Put two boots side by side, a good one and a bad one',
        load: async () => (await import('./commands/report-diff.ts')).reportDiff,
      },
      {
        usage: 'prune',
        summary: 'Delete old reports',
        load: async () => (await import('./commands/report-prune.ts')).reportPrune,
      },
    ],
  },
  {
    name: 'history',
    summary: 'Ask about all runs: flaky tests, boot times, splats, benches',
    commands: [
      {
        usage: 'tests',
        summary: 'List tests with pass rate, flake rate, and since when they fail',
        load: async () => (await import('./commands/history-tests.ts')).historyTests,
      },
      {
        usage: 'test <test>',
        summary: 'Show a test over time on each board',
        load: async () => (await import('./commands/history-test.ts')).historyTest,
      },
      {
        usage: 'boot',
        summary: 'Show how long boots and their stages take, and when that changed',
        load: async () => (await import('./commands/history-boot.ts')).historyBoot,
      },
      {
        usage: 'splats',
        summary: 'List what kernels complained about, new and known',
        load: async () => (await import('./commands/history-splats.ts')).historySplats,
      },
      {
        usage: 'boards',
        summary: 'List boards by infrastructure errors',
        load: async () => (await import('./commands/history-boards.ts')).historyBoards,
      },
      {
        usage: 'chart',
        summary: 'Draw boot times over time as one HTML file',
        load: async () => (await import('./commands/history-chart.ts')).historyChart,
      },
      {
        usage: 'import [directories..]',
        summary: 'Take runs into history; hil run does so at its end',
        load: async () => (await import('./commands/history-import.ts')).historyImport,
      },
    ],
  },
  {
    name: 'bisect',
    summary: 'Find the commit that broke the kernel, or fixed it, on boards',
    itself: {
      usage: 'bisect <specs..>',
      summary: 'Find the commit from which on specs fail, or pass again',
      load: async () => (await import('./commands/bisect.ts')).bisect,
    },
    commands: [
      {
        usage: 'resume [directory]',
        summary: 'Go on with a bisection that was stopped',
        load: async () => (await import('./commands/bisect-resume.ts')).bisectResume,
      },
      {
        usage: 'status [directory]',
        summary: 'Tell how a bisection stands',
        load: async () => (await import('./commands/bisect-status.ts')).bisectStatus,
      },
      {
        usage: 'log [directory]',
        summary: 'Print what was found out, for "git bisect replay"',
        load: async () => (await import('./commands/bisect-log.ts')).bisectLog,
      },
      {
        usage: 'report [directory]',
        summary: 'Write its page anew, and print a mail for kernel developers',
        load: async () => (await import('./commands/bisect-report.ts')).bisectReport,
      },
    ],
  },
  {
    name: 'nightly',
    summary: 'Run a matrix of boards, payloads and specs every night',
    itself: {
      usage: 'nightly <plan>',
      summary: 'Run the boards, payloads and specs of a plan in all combinations',
      load: async () => (await import('./commands/nightly.ts')).nightly,
    },
    commands: [
      {
        usage: 'resume [directory]',
        summary: 'Go on with a night that was stopped',
        load: async () => (await import('./commands/nightly-resume.ts')).nightlyResume,
      },
    ],
  },
  {
    name: 'lab',
    summary: 'See who has the boards of this host or of a coordinator, and keep one for yourself',
    optionsFirst: ['-x', '--coordinator', '-p', '--place', '--ca'],
    commands: [
      {
        usage: 'status [boards..]',
        summary: 'Tell which boards are free, who has the others, and who waits',
        load: async () => (await import('./commands/lab-status.ts')).labStatus,
      },
      {
        usage: 'who',
        summary: 'List who uses, holds or waits for boards',
        load: async () => (await import('./commands/lab-who.ts')).labWho,
      },
      {
        usage: 'hold <time> [board]',
        summary: 'Keep a board for hand work, for your own commands alone',
        load: async () => (await import('./commands/lab-hold.ts')).labHold,
      },
      {
        usage: 'lock [board]',
        summary: 'Keep a board until it is unlocked',
        load: async () => (await import('./commands/lab-lock.ts')).labLock,
      },
      {
        usage: 'unlock [board]',
        summary: 'Give back a board that was held or locked',
        load: async () => (await import('./commands/lab-unlock.ts')).labUnlock,
      },
      {
        usage: 'return [board]',
        summary: 'End the quarantine of a board that was mended',
        load: async () => (await import('./commands/lab-return.ts')).labReturn,
      },
      {
        usage: 'power-off-idle',
        summary: 'Switch off the boards that nobody uses or holds',
        load: async () => (await import('./commands/lab-power-off-idle.ts')).labPowerOffIdle,
      },
      {
        usage: 'places',
        summary: "List the places of labgrid's coordinator",
        load: async () => (await import('./commands/lab-places.ts')).labPlaces,
      },
      {
        usage: 'show',
        summary: 'Tell all there is to know of a place',
        load: async () => (await import('./commands/lab-show.ts')).labShow,
      },
      {
        usage: 'acquire',
        summary: 'Acquire a place of a coordinator for yourself',
        load: async () => (await import('./commands/lab-acquire.ts')).labAcquire,
      },
      {
        usage: 'release',
        summary: 'Give back a place of a coordinator',
        load: async () => (await import('./commands/lab-release.ts')).labRelease,
      },
      {
        usage: 'allow <user>',
        summary: 'Let somebody else use a place that is yours',
        load: async () => (await import('./commands/lab-allow.ts')).labAllow,
      },
      {
        usage: 'reserve <tags..>',
        summary: 'Get into the line for a place with certain tags',
        load: async () => (await import('./commands/lab-reserve.ts')).labReserve,
      },
      {
        usage: 'wait [token]',
        summary: 'Wait until a place is kept for a reservation',
        load: async () => (await import('./commands/lab-wait.ts')).labWait,
      },
      {
        usage: 'reservations',
        summary: 'List who waits for a place, or has one kept',
        load: async () => (await import('./commands/lab-reservations.ts')).labReservations,
      },
      {
        usage: 'cancel-reservation [token]',
        summary: 'Leave that line',
        load: async () => (await import('./commands/lab-cancel-reservation.ts')).labCancelReservation,
      },
    ],
  },
  {
    name: 'netboot',
    summary: 'Prepare what boards boot over the network',
    commands: [
      {
        usage: 'nfs <rootfs>',
        summary: 'Check a root file system for NFS, and write its loader entry',
        load: async () => (await import('./commands/netboot-nfs.ts')).netbootNfs,
      },
    ],
  },
  {
    usage: 'suggest',
    summary: 'List what is plugged in as an environment names it',
    load: async () => (await import('./commands/suggest.ts')).suggest,
  },
  {
    usage: 'init [directory]',
    summary: 'Write an environment and a first spec for a board',
    load: async () => (await import('./commands/init.ts')).init,
  },
  {
    usage: 'doctor',
    summary: 'Prove a bench step by step, and say what to do about what fails',
    load: async () => (await import('./commands/doctor.ts')).doctor,
  },
  {
    usage: 'completion [shell]',
    summary: 'Print a completion script for bash or zsh',
    load: async () => (await import('./commands/completion.ts')).completion,
  },
]

/** The word that calls a command. */
export function nameOf(entry: CommandEntry | CommandGroup): string {
  return 'commands' in entry ? entry.name : (entry.usage.split(' ')[0] ?? '')
}
