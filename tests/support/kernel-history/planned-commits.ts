/** A commit on kernel sources, as what it does to files. */
export interface PlannedCommit {
  /** Later commits name their parents by it. */
  readonly key: string
  readonly subject: string
  readonly body?: string
  /** Keys; of the first the files are taken. Absent: the commit before. */
  readonly parents?: readonly string[]
  readonly edits: readonly Edit[]
}

export interface Edit {
  readonly path: string
  /** @throws Error where these sources are not as it expects them */
  readonly change: (text: string) => string
}

/** What kernels that a bisection has to find its way through do. */
export const plantedKeys = { culprit: 'culprit', unbuildable: 'unbuildable', panicking: 'panicking' } as const

/** Compiled for any board, in the order in which they are touched. None of them has to be there. */
const sources = [
  ...[
    'fork',
    'exit',
    'signal',
    'workqueue',
    'pid',
    'params',
    'kthread',
    'cred',
    'reboot',
    'range',
    'smpboot',
  ],
  ...[
    'softirq',
    'resource',
    'panic',
    'sys',
    'notifier',
    'nsproxy',
    'ksysfs',
    'groups',
    'ucount',
    'capability',
  ],
]
  .map((name) => `kernel/${name}.c`)
  .concat(
    [
      'vsprintf',
      'string',
      'cmdline',
      'rbtree',
      'bitmap',
      'idr',
      'xarray',
      'kobject',
      'klist',
      'radix-tree',
    ].map((name) => `lib/${name}.c`),
    [
      'open',
      'read_write',
      'namei',
      'inode',
      'dcache',
      'super',
      'exec',
      'pipe',
      'file',
      'select',
      'fcntl',
    ].map((name) => `fs/${name}.c`),
    ['util', 'memory', 'mmap', 'vmalloc', 'slab_common', 'filemap', 'page-writeback', 'shmem'].map(
      (name) => `mm/${name}.c`,
    ),
    ['core', 'bus', 'dd', 'driver', 'class', 'platform', 'cpu', 'property'].map(
      (name) => `drivers/base/${name}.c`,
    ),
    ['drivers/of/base.c', 'drivers/of/fdt.c', 'drivers/of/property.c', 'drivers/amba/bus.c'],
    ['drivers/tty/tty_io.c', 'drivers/tty/n_tty.c', 'drivers/tty/serial/serial_core.c'],
    ['drivers/tty/serial/amba-pl011.c', 'drivers/irqchip/irq-gic.c', 'drivers/clk/clk.c'],
  )

/**
 * A history of some seventy commits: a branch that is merged, three commits in a row that do not build, three of which
 * the kernel panics at the end of its boot, some that change nothing in the kernel, and one after which it hangs
 * before it has a console.
 *
 * @param exists whether the sources have a file
 */
export function planCommits(exists: (path: string) => boolean): readonly PlannedCommit[] {
  const files = sources.filter(exists)
  const plain = (count: number, prefix = 'main') =>
    files.splice(0, count).map((path): PlannedCommit => sayReady(path, `${prefix} ${path}`))
  const before = plain(12)
  const [fork] = before.slice(-1)
  const branch = plain(8, 'branch').map((commit, index) =>
    index === 0 && fork !== undefined ? { ...commit, parents: [fork.key] } : commit,
  )
  const meanwhile = plain(10).map((commit, index) =>
    index === 0 && fork !== undefined ? { ...commit, parents: [fork.key] } : commit,
  )
  const merge: PlannedCommit = {
    key: 'merge',
    subject: "Merge branch 'ready'",
    parents: [meanwhile.at(-1)?.key ?? '', branch.at(-1)?.key ?? ''],
    edits: branch.flatMap(({ edits }) => edits),
  }
  return [
    ...before,
    ...branch,
    ...meanwhile,
    merge,
    ...plain(2),
    ...withoutEffect,
    {
      key: plantedKeys.unbuildable,
      subject: 'async: count what is pending at boot',
      edits: [append('kernel/async.c', initcall('async_pending_at_boot', 'return async_pending_count();'))],
    },
    ...plain(2),
    {
      key: 'mended build',
      subject: 'async: do not count what nobody counts',
      edits: [removeAppended('kernel/async.c')],
    },
    ...plain(3),
    {
      key: plantedKeys.panicking,
      subject: 'lib/sort: test it at boot',
      edits: [
        append('lib/sort.c', initcall('sort_boot_test', 'panic("sort: the test at boot has failed");')),
      ],
    },
    ...plain(2),
    {
      key: 'mended panic',
      subject: 'lib/sort: leave tests to those who ask for them',
      edits: [removeAppended('lib/sort.c')],
    },
    ...plain(6),
    culprit,
    ...plain(Infinity),
  ]
}

const culprit: PlannedCommit = {
  key: plantedKeys.culprit,
  subject: 'arm64: setup: wait until all CPUs are up',
  body: 'What follows may then use any of them.',
  edits: [
    {
      path: 'arch/arm64/kernel/setup.c',
      change: (text) =>
        replaced(text, '\tsmp_build_mpidr_hash();\n', (line) => {
          return `${line}\n\twhile (num_online_cpus() < num_possible_cpus())\n\t\twfi();\n`
        }),
    },
  ],
}

/** Documentation, a comment, another architecture, a driver that is not configured: the kernel stays the same. */
const withoutEffect: readonly PlannedCommit[] = [
  {
    key: 'documentation',
    subject: 'docs: name the first thing to read',
    edits: [append('Documentation/admin-guide/README.rst', '\nRead this first.\n')],
  },
  {
    key: 'comment',
    subject: 'extable: say what it is for',
    edits: [append('kernel/extable.c', '\n/* Addresses at which a fault is expected. */\n')],
  },
  {
    key: 'architecture',
    subject: 'x86: setup: say when it is ready',
    edits: [append('arch/x86/kernel/setup.c', initcall('setup_is_ready', 'return 0;'))],
  },
  {
    key: 'driver',
    subject: 'net: dummy: say what it is for',
    edits: [append('drivers/net/dummy.c', '\nMODULE_INFO(purpose, "tests");\n')],
  },
]

function sayReady(path: string, key: string): PlannedCommit {
  const name = path.replace(/^.*\/|\.c$/g, '').replaceAll('-', '_')
  return {
    key,
    subject: `${path.replace(/\.c$/, '')}: say when it is ready`,
    edits: [append(path, initcall(`${name}_is_ready`, `pr_info("${path} is ready\\n");\n\treturn 0;`))],
  }
}

function initcall(name: string, body: string): string {
  return `\nstatic int __init ${name}(void)\n{\n\t${body}\n}\nlate_initcall(${name});\n`
}

/** What is at the end of a file is at the end of every release's, and nothing else is near it. */
function append(path: string, text: string): Edit {
  return { path, change: (before) => before + text }
}

function removeAppended(path: string): Edit {
  return {
    path,
    change: (text) =>
      replaced(text, /\nstatic int __init \w+\(void\)\n\{[^}]*\}\nlate_initcall\(\w+\);\n$/, () => ''),
  }
}

function replaced(text: string, what: string | RegExp, by: (found: string) => string): string {
  const result = text.replace(what, by)
  if (result === text) throw new Error(`these kernel sources have no ${String(what)}`)
  return result
}
