import { reporterNames } from '../../app/report/reporter-names.ts'
import { defineCommand } from '../command.ts'
import { exitCodeHelp } from '../exit-codes.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { vmlinuxOption, wholeNumber } from '../shared-options.ts'
import { specArguments, specOptions, specPositionals } from '../spec-options.ts'

export const run = defineCommand({
  positionals: specPositionals,
  options: {
    ...specOptions,
    'repeat-each': {
      type: 'string',
      default: '1',
      defaultDescription: '1',
      requiresArg: true,
      description: 'Run each test so often',
      coerce: wholeNumber('--repeat-each', 1),
    },
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
    vmlinux: vmlinuxOption,
    ...bootedPayloadOptions,
  },
  examples: [
    ['hil run tests/boot.spec.ts --env virt-uboot.yaml', 'Boot a board and run a spec'],
    ['hil run tests/boot.spec.ts --env rock3a --kernel-tree ~/linux', 'Boot the kernel you have just built'],
    ['hil run usb.sh --env rock3a', 'Run a shell script on it; its exit status is the result'],
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
    const { startWorker } = await import('../../app/run/start-worker.ts')
    startWorker()
    const { runCommand } = await import('../../app/run/run.ts')
    return runCommand({
      ...specArguments(args),
      repeatEach: args.repeatEach,
      debug: args.debug ?? false,
      failOnFlaky: args.failOnFlaky ?? false,
      exitMode: args.exit ?? 'run',
      reporters: args.reporter,
      isVerbose: args.verbose ?? false,
      vmlinux: args.vmlinux,
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})
