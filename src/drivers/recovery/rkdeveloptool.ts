import { z } from 'zod'
import { defineRecovery } from '../../board/driver.ts'
import { path } from '../../board/option-types.ts'
import { HilError } from '../../core/errors.ts'
import type { Deadline } from '../../core/deadline.ts'
import { localToolOptions } from '../tool/options.ts'
import { openTool } from '../tool/tool.ts'
import { untilAppears } from './until-appears.ts'

export const rkdeveloptoolRecovery = defineRecovery({
  name: 'rkdeveloptool',
  summary:
    'Rockchip in its Maskrom or loader mode, by rkdeveloptool: a loader by USB, then what is to be written, then a reset.',
  unverified: 'rkdeveloptool 1.32 takes its arguments; nobody has tried it with a board yet',
  schema: z.strictObject({
    loader: path('What the ROM loads and starts first (rkdeveloptool db).').meta({
      examples: ['rk3568_loader.bin'],
    }),
    write: z
      .array(
        z.strictObject({
          sector: z.int().min(0).describe('The first sector of 512 bytes, such as 64 (0x40) for idbloader.'),
          file: path('What is written there.'),
        }),
      )
      .default([])
      .describe('What is written to the flash that the loader finds (rkdeveloptool wl).'),
    reset: z
      .boolean()
      .default(true)
      .describe('Whether the board is reset at the end, to start what was written.'),
    location: z
      .string()
      .regex(/^[0-9a-f]+$/)
      .optional()
      .describe(
        'LocationID as "rkdeveloptool ld" prints it; needed where there are others in the same mode.',
      ),
    ...localToolOptions('rkdeveloptool', '2 min'),
  }),
  // It can't be told which of several boards it is to talk to.
  resources: () => ['rkdeveloptool'],
  open({ loader, write, reset, location, program, timeout }) {
    const tool = openTool({ program, timeout }, 'the package rkdeveloptool')
    const look = async (t: Deadline) => {
      // With no board it ends with 1.
      const { stdout } = await tool.try(['ld'], t)
      const rows = stdout.split('\n').filter((line) => /^DevNo=/.test(line))
      if (rows.length > 1) throw several(rows)
      const isThere = rows.some((row) => location === undefined || row.includes(`LocationID=${location}\t`))
      return { isThere, seen: rows.join('') }
    }
    return Promise.resolve({
      appear: (t) => untilAppears('a Rockchip in its Maskrom or loader mode', look, t),
      async load(t) {
        await tool.run(['db', loader], t)
        if (write.length > 0) await untilAppears('the loader that was started', look, t)
        for (const { sector, file } of write) await tool.run(['wl', String(sector), file], t)
        if (reset && write.length > 0) await tool.run(['rd'], t)
      },
    })
  },
})

function several(rows: readonly string[]): HilError {
  return new HilError(
    'recovery.several',
    `several boards are in their recovery mode, and rkdeveloptool would take any of them: ${rows.join('; ')}`,
    { blame: 'environment', details: { rows } },
  )
}
