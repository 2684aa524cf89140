import { Args, Mutation, Parent, Query, ResolveField, Resolver } from '@nestjs/graphql';
import type { ProgrammeItem } from './concert.entities';
import { ConcertsService } from './concerts.service';

@Resolver('ProgrammeItem')
export class ConcertsResolver {
  constructor(private readonly concerts: ConcertsService) {}

  @Query('programme')
  programme(@Args('concertId') id: number): Promise<ProgrammeItem[]> {
    return this.concerts.programme(id);
  }

  @Mutation('addPiece')
  append(@Args('concertId') concertId: number, @Args('pieceId') pieceId: number): Promise<ProgrammeItem> {
    return this.concerts.append(concertId, pieceId);
  }

  @Mutation('moveItem')
  reorder(@Args('itemId') itemId: number, @Args('to') to: number): Promise<ProgrammeItem[]> {
    return this.concerts.reorder(itemId, to);
  }

  @ResolveField('title')
  title(@Parent() item: ProgrammeItem): string {
    return `${item.piece.composer}: ${item.piece.title}`;
  }
}
