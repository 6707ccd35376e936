import type { PlaceRule, SplatKind } from '../splat-kind.ts'

const trigger = 'BUG:'
const base = { kind: 'kmsan', level: 'error', trigger } as const

/** The memory sanitizer prints the use first, then where the value was kept and made. */
function useBut(notIn: RegExp): PlaceRule {
  return { steps: ['stack', /Local variable .{0,200} created at:|Uninit was created at:/, 'stack'], notIn }
}

/** Uses of memory that was never written, mm/kmsan/report.c. */
export const kmsan: readonly SplatKind[] = [
  {
    ...base,
    start: /BUG: KMSAN: (kernel-usb-infoleak) in /,
    title: 'KMSAN: {1} in {place}',
    place: useBut(/alloc_skb|usb_(?:submit_urb|start_wait_urb|bulk_msg|interrupt_msg|control_msg)/),
  },
  {
    ...base,
    start: /BUG: KMSAN: ([a-z-]{1,60}) in /,
    title: 'KMSAN: {1} in {place}',
    // Ciphers read what they are given.
    place: useBut(/alloc_skb|netlink_ack|netlink_rcv_skb|_encrypt$|^(?:crypto|cipher|drbg|rng)_/),
  },
]
