/** Follows a taken board from close by, where an event would come too late or say too little. */
export interface BoardObserver {
  /** Bytes of the console, as the events of the run hold them. */
  received(bytes: Uint8Array): void
  /** Bytes may be missing between those before and those after. */
  interrupted(): void
  /** Received bytes count from 0 again. */
  countRestarted(): void
  /** Power is about to be switched on: what comes next is another boot, and one that was wanted. */
  powering(): void
  /** Power is about to be switched off: resolves when nothing is lost by that which is worth a moment. */
  unpowering(): Promise<void>
}
