import assert from 'node:assert/strict'
import { OwnLines } from '../../../src/report/hil-marks.ts'

/** As a console shows them at the first command of a spec, and what of it is the board's. */
const console_ = `
[    3.611] Run /init as init process
~ # \${BASH:-sh}\${BASH:+ --norc};echo hil"-"p6=$?
~ # echo hil"-"p6;read -r l_;eval "$l_"
hil-p6
unset HISTFILE;set +m;PS1='hil-''p6> ';PS2=;s_=$(stty -g 2>/dev/null);hil_
hil:500:5:18b2:8a3b:3:1c:7f:15:4:0:1
hil=5.30
p6000
cat /proc/version 2>/dev/null; echo @cmdline; cat /proc/cmdline 2>/dev/null; echo @notes; od /sys/kernel/notes; echo @end
Linux version 7.2.13
@cmdline
root=/dev/vda1
@notes
 04 00 00 00 14 00 00 00 03 00 00 00 47 4e 55 00
 00 00
[    4.200] usb 1-1: device not accepting address
@end
p6000
od -An -tx1 data
 04 00
p6001
hil: a program of the board's that is called so
zz001
`

describe('the console lines of hil itself', () => {
  it('are told from those of the board, though a board may say the like', () => {
    const own = new OwnLines()
    const left = console_
      .trim()
      .split('\n')
      .filter((line) => !own.has(line))
    assert.deepEqual(left, [
      '[    3.611] Run /init as init process',
      'Linux version 7.2.13',
      'root=/dev/vda1',
      '[    4.200] usb 1-1: device not accepting address',
      'od -An -tx1 data',
      ' 04 00',
      "hil: a program of the board's that is called so",
      'zz001',
    ])
  })
})
