import { reporterNames } from '../../app/reporter-names.ts'
import { defineCommand } from '../command.ts'
import { exitCodeHelp } from '../exit-codes.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { durationMs, environmentOption, once, reportDirectoryOption, wholeNumber } from '../shared-options.ts'

export const run = defineCommand({
  positionals: {
    specs: {
      type: 'string',
      array: true,
      demandOption: true,
      description: 'Spec files, directories (all *.spec.ts below) or globs',
    },
  },
  options: {
    env: environmentOption,
    board: {
      type: 'string',
      array: true,
      nargs: 1,
      description: 'Run on this board of the environment only; repeat it for several',
    },
    grep: {
      type: 'string',
      alias: 'g',
      requiresArg: true,
      description: 'Run only tests whose full title matches this regular expression',
      coerce: once('--grep'),
    },
    bail: { type: 'boolean', description: 'Stop after the first test that failed' },
    retries: {
      type: 'string',
      default: '0',
      defaultDescription: '0',
      requiresArg: true,
      description: 'Try a failed test again so often; one that then passes is flaky',
      coerce: wholeNumber('--retries', 0),
    },
    'repeat-each': {
      type: 'string',
      default: '1',
      defaultDescription: '1',
      requiresArg: true,
      description: 'Run each test so often',
      coerce: wholeNumber('--repeat-each', 1),
    },
    timeout: {
      type: 'string',
      requiresArg: true,
      description: 'Time for one test once its board is in its state, e.g. 30s',
      coerce: durationMs('--timeout'),
    },
    state: {
      type: 'string',
      requiresArg: true,
      description: 'State to bring boards to for tests that name none',
      coerce: once('--state'),
    },
    keep: { type: 'boolean', description: 'Leave the boards as they are at the end' },
    debug: {
      type: 'boolean',

      description: 'When a test fails, hand the live console to you',
    },
    'fail-on-flaky': { type: 'boolean', description: 'A flaky test fails the run' },
    reporter: {
      type: 'string',
      array: true,
      nargs: 1,
      default: ['spec'],
      defaultDescription: 'spec',
      description: `How to show the run: ${reporterNames.join(', ')}; NAME=FILE writes to a file; repeatable`,
    },
    'report-dir': reportDirectoryOption,
    exit: {
      type: 'string',
      choices: ['bisect'] as const,
      requiresArg: true,
      description: 'Exit as "git bisect run" wants it',
    },
    verbose: {
      type: 'boolean',

      description: "Show hil's own log too (or set HIL_LOG=debug)",
    },
    ...bootedPayloadOptions,
  },
  examples: [
    ['hil run tests/boot.spec.ts --env virt-uboot.yaml', 'Boot a board and run a spec'],
    ['hil run tests/boot.spec.ts --env rock3a --kernel-tree ~/linux', 'Boot the kernel you have just built'],
    ["hil run tests --env lab.yaml --board rock3a --grep 'usb'", 'All specs of a directory, some tests'],
    ['hil run tests --env lab.yaml --reporter spec --reporter junit=results.xml', 'For people and for CI'],
    [
      'git bisect run hil run tests/usb.spec.ts --env lab.yaml --exit bisect',
      'Find the commit that broke it',
    ],
  ],
  epilogue: () =>
    `Exit codes:\n${exitCodeHelp('exit')}\n\nExit codes with --exit bisect:\n${exitCodeHelp('bisect')}`,
  async run(args) {
    const { runCommand } = await import('../../app/run.ts')
    return runCommand({
      specs: args.specs,
      env: args.env,
      boards: args.board ?? [],
      grep: args.grep,
      bail: args.bail ?? false,
      retries: args.retries,
      repeatEach: args.repeatEach,
      timeoutMs: args.timeout,
      state: args.state,
      keep: args.keep ?? false,
      debug: args.debug ?? false,
      failOnFlaky: args.failOnFlaky ?? false,
      exitMode: args.exit ?? 'run',
      reporters: args.reporter,
      reportRoot: args.reportDir,
      isVerbose: args.verbose ?? false,
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})
