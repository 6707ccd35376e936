import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { TestContext } from '../driver-context.ts'

/** Programs that stand in for those that drive a device which is not here. An outlet is a file: `on` or `off`. */

const directoryOf = ({ temporaryDirectory }: TestContext) => join(temporaryDirectory, 'device')

/** What goes before the words of every such program: how it hangs, and how it fails. */
const prelude = (directory: string) => `#!/bin/sh
cd ${directory}
echo "$0 $*" >> log
case $(cat fault 2>/dev/null) in
hangs) exec sleep 73.1;;
fails) echo "device not responding" >&2; exit 1;;
esac
# switch OUTLET STATE
switch() { test "$(cat fault 2>/dev/null)" = lies || echo "$2" > "outlet-$1"; }
`

/** @returns the path of the program */
export async function writeTool(context: TestContext, name: string, script: string): Promise<string> {
  const directory = directoryOf(context)
  await mkdir(directory, { recursive: true })
  const file = join(directory, name)
  await writeFile(file, prelude(directory) + script, { mode: 0o755 })
  return file
}

export async function isOutletOn(context: TestContext, outlet: string | number): Promise<boolean> {
  const state = await readFile(join(directoryOf(context), `outlet-${outlet}`), 'utf8').catch(() => 'off')
  return state.trim() === 'on'
}

export function failTools(context: TestContext, how: 'hangs' | 'lies' | 'fails'): Promise<void> {
  return writeFile(join(directoryOf(context), 'fault'), how)
}

/** uhubctl 2.5.0 with a hub of four ports at 1-1. */
export const uhubctl = `
while [ $# -gt 0 ]; do
  case $1 in -l) location=$2;; -p) port=$2;; -a) action=$2;; -r) ;; *) exit 2;; esac; shift 2
done
if [ "$location" != 1-1 ]; then echo "No compatible devices detected at location $location!"; echo "Run with -h to get usage info."; exit 1; fi
show() {
  echo "$1 status for hub 1-1 [0424:2514, USB 2.00, 4 ports, ppps]"
  case $port in [1-4]) if [ "$(cat outlet-$port 2>/dev/null)" = on ]; then echo "  Port $port: 0103 power enable connect [0bda:8153 Realtek]"; else echo "  Port $port: 0000 off"; fi;; esac
}
show Current
if [ -n "$action" ]; then
  echo "Sent power $action request"
  case $port in [1-4]) switch "$port" "$action";; esac
  show New
fi
`

/** sispmctl 3.1 with one strip of four outlets, 01:01:4f:09:6b. */
export const sispmctl = `
while [ $# -gt 0 ]; do
  case $1 in
  -q|-n) shift;;
  -D) [ "$2" = 01:01:4f:09:6b ] || { echo "No device with serial number $2 found. Terminating." >&2; exit 1; }; shift 2;;
  -o) action=on; outlet=$2; shift 2;;
  -f) action=off; outlet=$2; shift 2;;
  -g) action=get; outlet=$2; shift 2;;
  *) exit 2;;
  esac
done
if [ "$action" = get ]; then if [ "$(cat outlet-$outlet 2>/dev/null)" = on ]; then echo 1; else echo 0; fi
else switch "$outlet" "$action"; fi
`

/** ykushcmd 1.3 with one YKUSH, YK12345. */
export const ykushcmd = `
[ "$1" = ykush ] || exit 1
shift
if [ "$1" = -s ]; then [ "$2" = YK12345 ] || { echo "Unable to open device"; exit 1; }; shift 2; fi
case $1 in
-u) switch "$2" on;;
-d) switch "$2" off;;
-g) if [ "$(cat outlet-$2 2>/dev/null)" = on ]; then echo "Downstream port $2 is ON"; else echo "Downstream port $2 is OFF"; fi;;
esac
`

/** gpioset and gpioinfo of libgpiod, with a chip of eight lines; what is driven is what the outlet is at. */
export function gpiod(version: '1.6.3' | '2.1.1') {
  const isSecond = version.startsWith('2')
  return {
    gpioset: `
if [ "$1" = --version ]; then echo "gpioset (libgpiod) v${version}"; exit; fi
low=0
while [ $# -gt 0 ]; do
  case $1 in
  ${isSecond ? '--chip) chip=$2; shift;;' : '--mode=signal) mode=signal;;'}
  --active-low) low=1;;
  --drive=*) ;;
  *=*) line=\${1%=*} value=\${1#*=};;
  -*) echo "gpioset: unrecognized option $1" >&2; exit 1;;
  *) chip=$1;;
  esac
  shift
done
[ "$chip" = gpiochip0 ] || { echo "gpioset: error: cannot find GPIO chip '$chip'" >&2; exit 1; }
[ "$line" -lt 8 ] || { echo "gpioset: error setting the GPIO line values: Invalid argument" >&2; exit 1; }
[ -e held-$line ] && { echo "gpioset: error: Device or resource busy" >&2; exit 1; }
if [ "$value" = 1 ]; then switch "$line" on; else switch "$line" off; fi
: > held-$line
trap 'rm -f held-$line; exit' TERM
while :; do sleep 0.02; done
`,
    gpioinfo: `
if [ "$1" = --version ]; then echo "gpioinfo (libgpiod) v${version}"; exit; fi
${isSecond ? '[ "$1" = --chip ] && shift' : ''}
[ "$1" = gpiochip0 ] || { echo "gpioinfo: error: cannot find GPIO chip '$1'" >&2; exit 1; }
echo "gpiochip0 - 8 lines:"
for line in 0 1 2 3 4 5 6 7; do
  if [ -e held-$line ]; then ${
    isSecond
      ? `printf '\\tline %3d:\\t"GPIO%d"\\toutput consumer="gpioset"\\n' $line $line`
      : `printf '\\tline %3d:      "GPIO%d"    "gpioset"  output  active-high [used]\\n' $line $line`
  }
  else printf '\\tline %3d:      "GPIO%d"       unused   input  active-high \\n' $line $line; fi
done
`,
  }
}
