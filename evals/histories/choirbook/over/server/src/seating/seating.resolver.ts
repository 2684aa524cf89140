import { Args, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Seat, SeatingService } from './seating.service';

@Resolver('Seat')
export class SeatingResolver {
  constructor(private readonly seating: SeatingService) {}

  @Query('seatPlan')
  plan(@Args('rehearsalId') id: number): Promise<Seat[]> {
    return this.seating.planOf(id);
  }

  @Mutation('drawSeats')
  lot(@Args('rehearsalId') id: number): Promise<Seat[]> {
    return this.seating.assign(id);
  }
}
