import { Component, inject, signal } from '@angular/core';
import { ActivatedRoute } from '@angular/router';

import { ClinicApi } from './clinic-api.service';
import { sentenceOf } from './refusals';

/** Where the link in a message leads. No account, no menu. */
@Component({
  selector: 'cb-answer-page',
  template: `
    <p>{{ told() }}</p>
    <button (click)="answer('COMING')">We are coming</button>
    <button (click)="answer('NOT_COMING')">We cannot come</button>
  `,
})
export class AnswerPageComponent {
  private readonly api = inject(ClinicApi);
  private readonly token = inject(ActivatedRoute).snapshot.paramMap.get('token') ?? '';
  readonly told = signal('');

  constructor() {
    this.api.openLink(this.token).subscribe((link) => this.told.set(`${link.patient}, ${link.startsAt}`));
  }

  answer(answer: 'COMING' | 'NOT_COMING'): void {
    this.api.answerLink(this.token, answer).subscribe({
      next: () => this.told.set('Thank you.'),
      error: (error) => this.told.set(sentenceOf(error)),
    });
  }
}
