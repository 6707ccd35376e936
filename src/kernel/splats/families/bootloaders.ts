import type { SplatKind } from '../splat-kind.ts'

/** Only what ends a bootloader fails a test: whoever drives it knows whether the rest matters. */
const base = { kind: 'bootloader', level: 'info', isOneLine: true, byProgram: true } as const

function complaint(trigger: string): SplatKind {
  return { ...base, trigger }
}

/** What barebox and U-Boot say when they can't boot. */
export const bootloaders: readonly SplatKind[] = [
  {
    ...base,
    level: 'error',
    trigger: '### ERROR ### Please RESET the board ###',
    title: 'the bootloader gave up: please reset the board',
  },
  {
    ...base,
    level: 'error',
    trigger: 'DABT (current EL) exception',
    title: 'the bootloader crashed: DABT (current EL) exception',
    isOneLine: false,
  },
  ...[
    ...[
      'Nothing bootable found',
      "Couldn't get a valid configuration",
      'Cannot open FIT image configuration',
    ],
    ...['Bad Linux ARM64 Image magic!', 'Wrong Image Format for ', 'Bad FIT kernel image format!'],
    ...["ERROR: can't get kernel image!", 'Could not find configuration node', 'Bad Data Hash'],
    ...['Retry count exceeded', 'TFTP error: '],
  ].map(complaint),
]
