import { defineCommand } from '../command.ts'

export const fitVerify = defineCommand({
  positionals: {
    files: { type: 'string', array: true, demandOption: true, description: 'FIT images' },
  },
  options: {},
  examples: [['hil fit verify image.fit', 'compute all hashes']],
  async run({ files }) {
    const { verifyFitCommand } = await import('../../app/fit/verify.ts')
    return verifyFitCommand(files)
  },
})
