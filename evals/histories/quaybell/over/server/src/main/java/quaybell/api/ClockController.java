package quaybell.api;

import jakarta.validation.Valid;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;
import quaybell.api.dto.ClockDto;
import quaybell.api.dto.LotDto;
import quaybell.api.dto.SaleDto;
import quaybell.api.dto.StopRequest;
import quaybell.api.mapper.LotMapper;
import quaybell.api.mapper.SaleMapper;
import quaybell.app.AuctionClock;
import quaybell.app.BidService;
import quaybell.app.LotService;

@RestController
@RequestMapping("/api/clock")
class ClockController {

    private final AuctionClock auction;
    private final BidService bids;
    private final LotService lots;
    private final LotMapper lotMapper;
    private final SaleMapper saleMapper;

    ClockController(AuctionClock auction, BidService bids, LotService lots, LotMapper lotMapper,
            SaleMapper saleMapper) {
        this.auction = auction;
        this.bids = bids;
        this.lots = lots;
        this.lotMapper = lotMapper;
        this.saleMapper = saleMapper;
    }

    /** Polled by the wall and by every paddle; 204 while nothing hangs there. */
    @GetMapping
    ResponseEntity<ClockDto> face() {
        return auction.now()
            .map(now -> new ClockDto(
                lotMapper.toDto(lots.find(now.lotId())), now.fromPrice(), now.startedAt(), auction.time()))
            .map(ResponseEntity::ok)
            .orElseGet(() -> ResponseEntity.noContent().build());
    }

    @PostMapping("/start")
    LotDto start(@RequestParam int from) {
        return lotMapper.toDto(auction.startNext(from));
    }

    @PostMapping("/stop")
    @ResponseStatus(HttpStatus.CREATED)
    SaleDto stop(@Valid @RequestBody StopRequest request) {
        return saleMapper.toDto(bids.stop(request.paddle(), request.crates()));
    }
}
