import { Injectable, inject } from '@angular/core';
import { Observable, catchError, of, switchMap, timer } from 'rxjs';
import { HallApi } from '../core/hall-api';
import { ClockFace } from '../core/model';

const POLL_MS = 1000;

/** Asks for the clock again and again. Decision 3. */
@Injectable({ providedIn: 'root' })
export class WallService {
  private readonly api = inject(HallApi);

  faces(): Observable<ClockFace | null> {
    return timer(0, POLL_MS).pipe(switchMap(() => this.api.face().pipe(catchError(() => of(null)))));
  }
}
