import { bisectOptions } from '../bisect-options.ts'
import { defineCommand } from '../command.ts'
import { payloadArguments, payloadOptions } from '../payload-options.ts'
import { specArguments, specOptions, specPositionals } from '../spec-options.ts'

const { bail: _bail, retries: _retries, keep: _keep, ...runOptions } = specOptions
const { make: _make, ...kernelOptions } = payloadOptions

export const bisect = defineCommand({
  positionals: specPositionals,
  options: {
    ...runOptions,
    ...bisectOptions,
    ...kernelOptions,
    force: { type: 'boolean', description: 'Boot in spite of errors that the check of a payload has found' },
  },
  examples: [
    [
      'hil bisect tests/boot.spec.ts --env rock3a --kernel-tree ~/linux --good v6.17 --bad v6.18',
      'Find the commit that broke it',
    ],
    [
      'hil bisect tests/usb.spec.ts --env lab --kernel-tree ~/linux --good v6.18 --bad v6.17 --fixed',
      'Find the commit that fixed it',
    ],
    ["hil bisect ... --build './build.sh' --paths drivers/net", 'Build with a command of yours'],
    ['hil bisect ... --payloads kernels/ --good 6.1.0-47 --bad 6.1.0-56', 'Build nothing'],
  ],
  epilogue: () =>
    [
      '"hil bisect resume", "status", "log" and "report" are about a bisection that there is.',
      '',
      'Exit codes:',
      '  0    the commit was found, as surely as was asked for',
      '  1    it is one of several, or not as sure as that',
      '  2    the ends, the command line, a spec or the environment is wrong',
      '  3    it was stopped: no board is left that works, or the time is up; "hil bisect resume" goes on',
      '  4    a bug in hil',
      '  130, 143 interrupted by Ctrl-C (SIGINT), by SIGTERM; "hil bisect resume" goes on',
    ].join('\n'),
  async run(args) {
    const { bisectCommand } = await import('../../app/bisect/bisect.ts')
    const { queueing, ...settings } = specArguments({ ...args, retries: 0 })
    return bisectCommand(
      {
        ...settings,
        good: args.good,
        bad: args.bad,
        isFix: args.fixed ?? false,
        firstParent: args.firstParent ?? false,
        paths: args.paths ?? [],
        skip: args.skip ?? [],
        terms: { good: args.termGood, bad: args.termBad },
        repository: args.repository,
        payloads: args.payloads,
        build: args.build,
        config: args.config,
        confidence: args.confidence,
        checks: args.checks,
        patience: args.patience,
        anyFailure: args.anyFailure ?? false,
        // Of payloads that are there already none is built without a commit.
        revert: !(args.noRevert ?? false) && args.payloads === undefined,
        budget: { timeMs: args.maxTime, builds: args.maxBuilds, powerCycles: args.maxPowerCycles },
        payload: payloadArguments({ ...args, make: undefined }),
        force: args.force ?? false,
      },
      queueing,
    )
  },
})
