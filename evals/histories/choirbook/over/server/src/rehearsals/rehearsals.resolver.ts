import { Args, Context, Mutation, Query, Resolver } from '@nestjs/graphql';
import { AttendanceService, type RollLine } from './attendance.service';
import type { Rehearsal } from './rehearsal.entities';
import { RehearsalsService } from './rehearsals.service';

@Resolver('Rehearsal')
export class RehearsalsResolver {
  constructor(
    private readonly rehearsals: RehearsalsService,
    private readonly attendance: AttendanceService,
  ) {}

  @Query('rehearsals')
  between(@Args('from') from: string, @Args('to') to: string): Promise<Rehearsal[]> {
    return this.rehearsals.between(new Date(from), new Date(to));
  }

  @Query('roll')
  roll(@Args('rehearsalId') id: number): Promise<RollLine[]> {
    return this.attendance.roll(id);
  }

  @Mutation('signOff')
  async stayAway(
    @Args('rehearsalId') id: number,
    @Args('reason') reason: string | null,
    @Context('singerId') singerId: number,
  ): Promise<boolean> {
    await this.attendance.excuse(id, singerId, reason);
    return true;
  }

  @Mutation('callOff')
  cancel(@Args('rehearsalId') id: number, @Args('reason') reason: string): Promise<Rehearsal> {
    return this.rehearsals.callOff(id, reason);
  }

  @Mutation('markPresent')
  tick(@Args('rehearsalId') id: number, @Args('singerIds') singerIds: number[]): Promise<number> {
    return this.attendance.tick(id, singerIds);
  }
}
