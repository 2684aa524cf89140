import { Injectable, signal } from '@angular/core';

const SHOWN_FOR = 6000;

/** The one line at the foot of every screen. */
@Injectable({ providedIn: 'root' })
export class NoticeService {
  readonly key = signal<string | null>(null);
  private timer?: ReturnType<typeof setTimeout>;

  show(key: string): void {
    this.key.set(key);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.key.set(null), SHOWN_FOR);
  }
}
