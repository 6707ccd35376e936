import { defineCommand } from '../command.ts'
import { bootedPayloadOptions, payloadArguments } from '../payload-options.ts'
import { durationMs, environmentOption, once, reportDirectoryOption, wholeNumber } from '../shared-options.ts'

export const watch = defineCommand({
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
    bail: { type: 'boolean', description: 'Stop a run after the first test that failed' },
    retries: {
      type: 'string',
      default: '0',
      defaultDescription: '0',
      requiresArg: true,
      description: 'Try a failed test again so often; one that then passes is flaky',
      coerce: wholeNumber('--retries', 0),
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
    'report-dir': reportDirectoryOption,
    ...bootedPayloadOptions,
  },
  examples: [
    ['hil watch tests/boot.spec.ts --env rock3a --kernel-tree ~/linux', 'Test every kernel that you build'],
    ['hil watch tests/usb.spec.ts --env lab.yaml', 'Test every version of a spec; nothing is booted for it'],
  ],
  async run(args) {
    const { watchCommand } = await import('../../app/watch.ts')
    return watchCommand({
      specs: args.specs,
      env: args.env,
      boards: args.board ?? [],
      grep: args.grep,
      bail: args.bail ?? false,
      retries: args.retries,
      timeoutMs: args.timeout,
      state: args.state,
      keep: args.keep ?? false,
      reportRoot: args.reportDir,
      payload: payloadArguments(args),
      force: args.force ?? false,
    })
  },
})
