import type { ConsoleLine } from '../lines/console-line.ts'
import type { StageName } from './stage.ts'

/** One way in which a stage shows. */
interface StageSign {
  readonly stage: StageName
  /** The literal text to look for. */
  readonly word: string
  /** What the message says, from its beginning. */
  readonly says: RegExp
  /** It is a prompt: nothing follows it on its line. */
  readonly isPrompt?: boolean
}

/** To make another stage visible, add a line. */
const signs: readonly StageSign[] = [
  { stage: 'firmware', word: 'U-Boot SPL 2', says: /^U-Boot SPL \d{4}\.\d\d/ },
  { stage: 'firmware', word: 'U-Boot TPL 2', says: /^U-Boot TPL \d{4}\.\d\d/ },
  { stage: 'firmware', word: 'coreboot-', says: /^coreboot-\S{1,80} .{1,80} bootblock starting/ },
  { stage: 'firmware', word: 'NOTICE:  BL', says: /^NOTICE: {2}BL\d{1,2}: / },
  { stage: 'bootloader', word: 'U-Boot 2', says: /^U-Boot \d{4}\.\d\d/ },
  { stage: 'bootloader', word: 'barebox 2', says: /^barebox \d{4}\.\d\d/ },
  { stage: 'bootloader', word: 'GNU GRUB ', says: /^ {0,40}GNU GRUB {1,4}version / },
  { stage: 'kernel', word: 'Booting Linux on physical CPU', says: /^Booting Linux on physical CPU/ },
  { stage: 'kernel', word: 'Linux version ', says: /^Linux version \d/ },
  { stage: 'initramfs', word: ' as init process', says: /^Run \/init as init process/ },
  { stage: 'init', word: ' as init process', says: /^Run \/\S{1,200} as init process/ },
  { stage: 'init', word: 'Switching root', says: /^(?:systemd\[1\]: )?Switching root/ },
  { stage: 'init', word: 'systemd[1]: systemd ', says: /^systemd\[1\]: systemd \d/ },
  { stage: 'init', word: 'INIT: version ', says: /^INIT: version / },
  { stage: 'init', word: 'init started: ', says: /^init started: / },
  { stage: 'login', word: 'login: ', says: /^\S{1,64} login: $/, isPrompt: true },
  { stage: 'shell', word: '# ', says: /^(?:\[?[\w@.:~/ -]{1,64}\]?)?# $/, isPrompt: true },
  { stage: 'shell', word: '$ ', says: /^\[?[\w@.:~/ -]{0,64}\]?\$ $/, isPrompt: true },
]

/** The words that show a stage. */
export const stageWords: readonly string[] = [...new Set(signs.map(({ word }) => word))]

/** Those of them that show it before their line is complete. */
export const promptWords: ReadonlySet<string> = new Set(
  signs.filter(({ isPrompt }) => isPrompt === true).map(({ word }) => word),
)

/** The stage that a line shows. @param words those that are in it */
export function stageShown(
  line: ConsoleLine,
  words: readonly string[],
  isPrompt: boolean,
): StageName | undefined {
  const text = isPrompt ? line.text : line.message
  return signs.find(
    (sign) =>
      (sign.isPrompt === true) === isPrompt &&
      words.includes(sign.word) &&
      sign.says.test(text) &&
      // A kernel that says "U-Boot 2023.01" is none.
      (line.kernelTime === undefined || !isBeforeKernel(sign.stage)),
  )?.stage
}

function isBeforeKernel(stage: StageName): boolean {
  return stage === 'firmware' || stage === 'bootloader'
}
