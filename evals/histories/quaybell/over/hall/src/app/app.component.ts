import { Component, OnInit, inject } from '@angular/core';
import { RouterOutlet } from '@angular/router';
import { NoticeService } from './core/notice.service';
import { SayPipe } from './core/say.pipe';
import { WordsService } from './core/words.service';

@Component({
  selector: 'qb-root',
  standalone: true,
  imports: [RouterOutlet, SayPipe],
  template: `
    <router-outlet />
    @if (notices.key(); as key) {
      <p class="notice">{{ key | say }}</p>
    }
  `,
})
export class AppComponent implements OnInit {
  readonly notices = inject(NoticeService);
  private readonly words = inject(WordsService);

  ngOnInit(): void {
    this.words.load();
  }
}
