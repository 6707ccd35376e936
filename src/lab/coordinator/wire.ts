/**
 * What labgrid's coordinator speaks (gRPC, proto3), as far as clients of it need: seen on release 26, which tells it to
 * whoever asks for its reflection. Fields that are not named here are skipped when they come.
 */
export const wire = {
  nested: {
    labgrid: {
      nested: {
        Coordinator: {
          methods: {
            ClientStream: {
              requestType: 'ClientInMessage',
              requestStream: true,
              responseType: 'ClientOutMessage',
              responseStream: true,
            },
            AcquirePlace: { requestType: 'PlaceRequest', responseType: 'Nothing' },
            ReleasePlace: { requestType: 'ReleaseRequest', responseType: 'Nothing' },
            AllowPlace: { requestType: 'AllowRequest', responseType: 'Nothing' },
            CreateReservation: { requestType: 'ReserveRequest', responseType: 'ReservationAnswer' },
            PollReservation: { requestType: 'TokenRequest', responseType: 'ReservationAnswer' },
            CancelReservation: { requestType: 'TokenRequest', responseType: 'Nothing' },
            GetReservations: { requestType: 'Nothing', responseType: 'ReservationList' },
          },
        },
        Nothing: { fields: {} },
        ClientInMessage: {
          oneofs: { kind: { oneof: ['sync', 'startup', 'subscribe'] } },
          fields: {
            sync: { type: 'Sync', id: 1 },
            startup: { type: 'Startup', id: 2 },
            subscribe: { type: 'Subscribe', id: 3 },
          },
        },
        Sync: { fields: { id: { type: 'uint64', id: 1 } } },
        Startup: { fields: { version: { type: 'string', id: 1 }, name: { type: 'string', id: 2 } } },
        Subscribe: {
          oneofs: { kind: { oneof: ['allPlaces', 'allResources'] } },
          fields: { allPlaces: { type: 'bool', id: 2 }, allResources: { type: 'bool', id: 3 } },
        },
        ClientOutMessage: {
          fields: {
            sync: { type: 'Sync', id: 1 },
            updates: { rule: 'repeated', type: 'Update', id: 2 },
          },
        },
        Update: {
          oneofs: { kind: { oneof: ['resource', 'delResource', 'place', 'delPlace'] } },
          fields: {
            resource: { type: 'Resource', id: 1 },
            delResource: { type: 'Path', id: 2 },
            place: { type: 'Place', id: 3 },
            delPlace: { type: 'string', id: 4 },
          },
        },
        Path: {
          fields: {
            exporterName: { type: 'string', id: 1 },
            groupName: { type: 'string', id: 2 },
            resourceName: { type: 'string', id: 3 },
          },
        },
        Resource: {
          fields: {
            path: { type: 'Path', id: 1 },
            cls: { type: 'string', id: 2 },
            params: { keyType: 'string', type: 'Value', id: 3 },
            extra: { keyType: 'string', type: 'Value', id: 4 },
            acquired: { type: 'string', id: 5 },
            avail: { type: 'bool', id: 6 },
          },
        },
        Value: {
          oneofs: { kind: { oneof: ['bool', 'int', 'uint', 'float', 'string'] } },
          fields: {
            bool: { type: 'bool', id: 1 },
            int: { type: 'int64', id: 2 },
            uint: { type: 'uint64', id: 3 },
            float: { type: 'double', id: 4 },
            string: { type: 'string', id: 5 },
          },
        },
        Place: {
          fields: {
            name: { type: 'string', id: 1 },
            aliases: { rule: 'repeated', type: 'string', id: 2 },
            comment: { type: 'string', id: 3 },
            tags: { keyType: 'string', type: 'string', id: 4 },
            matches: { rule: 'repeated', type: 'ResourceMatch', id: 5 },
            acquired: { type: 'string', id: 6 },
            acquiredResources: { rule: 'repeated', type: 'string', id: 7 },
            allowed: { rule: 'repeated', type: 'string', id: 8 },
            changed: { type: 'double', id: 10 },
            reservation: { type: 'string', id: 11 },
          },
        },
        ResourceMatch: {
          fields: {
            exporter: { type: 'string', id: 1 },
            group: { type: 'string', id: 2 },
            cls: { type: 'string', id: 3 },
            name: { type: 'string', id: 4 },
            rename: { type: 'string', id: 5 },
          },
        },
        PlaceRequest: { fields: { placename: { type: 'string', id: 1 } } },
        ReleaseRequest: {
          fields: { placename: { type: 'string', id: 1 }, fromuser: { type: 'string', id: 2 } },
        },
        AllowRequest: { fields: { placename: { type: 'string', id: 1 }, user: { type: 'string', id: 2 } } },
        ReserveRequest: {
          fields: {
            filters: { keyType: 'string', type: 'Filter', id: 1 },
            prio: { type: 'double', id: 2 },
          },
        },
        Filter: { fields: { filter: { keyType: 'string', type: 'string', id: 1 } } },
        Reservation: {
          fields: {
            owner: { type: 'string', id: 1 },
            token: { type: 'string', id: 2 },
            state: { type: 'int32', id: 3 },
            prio: { type: 'double', id: 4 },
            filters: { keyType: 'string', type: 'Filter', id: 5 },
            allocations: { keyType: 'string', type: 'string', id: 6 },
            created: { type: 'double', id: 7 },
            timeout: { type: 'double', id: 8 },
          },
        },
        ReservationAnswer: { fields: { reservation: { type: 'Reservation', id: 1 } } },
        TokenRequest: { fields: { token: { type: 'string', id: 1 } } },
        ReservationList: { fields: { reservations: { rule: 'repeated', type: 'Reservation', id: 1 } } },
      },
    },
  },
}
