import { defineCommand } from '../command.ts'
import { payloadArguments, payloadOptions } from '../payload-options.ts'
import { once } from '../shared-options.ts'

export const payloadBuild = defineCommand({
  positionals: {},
  options: {
    output: {
      ...text('output', 'Directory that becomes the payload'),
      alias: 'o',
      demandOption: true,
    },
    env: text('env', 'Environment with the board that it is for'),
    board: text('board', 'Board of the environment, where there are several'),
    ...payloadOptions,
    devboot: text('devboot', "Also write barebox's devboot script, for USER:HOSTNAME"),
  },
  examples: [
    ['hil payload build --kernel-tree ~/linux --env rock3a -o out', 'what was built, for one board'],
    [
      'hil payload build --debian linux-image-6.12-arm64.deb --busybox busybox --modules board -o out',
      'a Debian kernel that mounts an untouched root',
    ],
    ['hil payload build --kernel Image --initrd :modules.cpio.gz -o out', 'loose files'],
  ],
  async run(args) {
    const { buildPayloadCommand } = await import('../../app/payload/build.ts')
    return buildPayloadCommand({
      ...payloadArguments(args),
      output: args.output,
      env: args.env,
      board: args.board,
      devboot: args.devboot,
    })
  },
})

function text(name: string, description: string) {
  return { type: 'string', requiresArg: true, description, coerce: once(`--${name}`) } as const
}
